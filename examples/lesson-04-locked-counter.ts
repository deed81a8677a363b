// Two threads add to one number under a lock, and lose nothing.
import { Lock, SharedValue, ThreadPoolExecutor } from 'multitask'
import { incrementLocked } from './tasks/increment.ts'

const counter = new SharedValue('i32')
const lock = new Lock()
{
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  for (let i = 0; i < 2; i++) void executor.submit(incrementLocked, counter, lock, 100_000)
}
console.log(counter.value)

// Output:
// 200000
