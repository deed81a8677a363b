// A thread that dies takes only the call with it that it ran. The next call gets a new thread.
import { ThreadPoolExecutor, WorkerDiedError } from 'multitask'

await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
const fatal = executor.submit(() => process.exit(7))
const waiting = executor.submit(() => 'the call behind it is not harmed')
try {
  await fatal
} catch (error) {
  if (error instanceof WorkerDiedError) console.log('the thread ended with exit code', error.exitCode)
}
console.log(await waiting)

// Output:
// the thread ended with exit code 7
// the call behind it is not harmed
