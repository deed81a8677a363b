// A call whose time is up is first asked to stop. If it does not, its thread is stopped, and another takes its place.
import { ThreadPoolExecutor, TimeoutError } from 'multitask'

const sleepForEver = (): Promise<never> => new Promise(() => {})

await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
try {
  await executor.with({ timeout: 50, grace: 50 }).submit(sleepForEver)
} catch (error) {
  console.log(error instanceof TimeoutError)
}
console.log(await executor.submit(() => 'and the pool goes on'))

// Output:
// true
// and the pool goes on
