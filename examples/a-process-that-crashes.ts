// A crash fails the call that crashed, and no other. The pool starts another process and goes on.
import { ProcessPoolExecutor, WorkerDiedError } from 'multitask'
import { sumBelow } from './tasks/processes.ts'

await using pool = new ProcessPoolExecutor({ maxWorkers: 1 })
const killed = pool.submit(() => process.kill(process.pid, 'SIGKILL'))
const next = pool.submit(sumBelow, 10)
try {
  await killed
} catch (error) {
  console.log(error instanceof WorkerDiedError, (error as WorkerDiedError).exitCode)
}
console.log(await next)

// Output:
// true -9
// 45
