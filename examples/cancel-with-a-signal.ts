// A signal reaches the calls that run: they see it, even in a loop that never waits, and can clean up.
import { CancelledError, ThreadPoolExecutor } from 'multitask'
import { digForGold } from './tasks/dig-for-gold.ts'

await using executor = new ThreadPoolExecutor()
const controller = new AbortController()
// The first progress says that the call is running.
const digging = executor.with({
  signal: controller.signal,
  onProgress: message => {
    console.log(message)
    if (message === 'digging') controller.abort(new Error('the sun has set'))
  },
})
try {
  await digging.submit(digForGold)
} catch (error) {
  if (error instanceof CancelledError) console.log(`${error.name}, because ${(error.cause as Error).message}`)
}

// Output:
// digging
// putting the shovel away
// CancelledError, because the sun has set
