// Three calls on three threads run at the same time: each waits until all of them have started.
import { ThreadPoolExecutor } from 'multitask'
import { meetOthers } from './tasks/meeting.ts'

const started = new Int32Array(new SharedArrayBuffer(4))
{
  await using executor = new ThreadPoolExecutor({ maxWorkers: 3 })
  for (let i = 0; i < 3; i++) void executor.submit(meetOthers, `task-${i}`, started)
}
console.log('together', started[0] === 3 ? 'True' : 'False')

// Unordered output:
// start task-0
// start task-1
// start task-2
// end task-0
// end task-2
// end task-1
// together True
