// When the time is up the work is cancelled: it sees that at its next wait, cleans up, and only then it is a TimeoutError.
import { isCancellation, run, sleep, timeout, TimeoutError } from 'multitask'

async function slow(): Promise<void> {
  try {
    await sleep(5000)
  } catch (error) {
    if (isCancellation(error)) console.log('cleaned up')
    throw error
  }
}

await run(async () => {
  try {
    await timeout(100, slow)
  } catch (error) {
    if (error instanceof TimeoutError) console.log('timed out')
  }
})

// Output:
// cleaned up
// timed out
