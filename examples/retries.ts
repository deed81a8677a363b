// A call that fails is run again, up to `retries` times. It can ask which attempt this is.
import { ThreadPoolExecutor } from 'multitask'
import { fetchFromFlakyServer } from './tasks/flaky-server.ts'

await using executor = new ThreadPoolExecutor()
const patient = executor.with({ retries: 2, onProgress: message => console.log(message) })
console.log(await patient.submit(fetchFromFlakyServer, 2))
console.log(await patient.submit(fetchFromFlakyServer, 9).catch((error: unknown) => `gave up: ${String(error)}`))

// Output:
// attempt 1 failed
// attempt 2 failed
// the page
// attempt 1 failed
// attempt 2 failed
// attempt 3 failed
// gave up: Error: 503
