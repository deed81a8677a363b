// A call can say how far it is, while it runs.
import { ThreadPoolExecutor } from 'multitask'
import { estimatePi } from './tasks/estimate-pi.ts'

await using executor = new ThreadPoolExecutor()
const pi = await executor.with({ onProgress: share => console.log(share, '%') }).submit(estimatePi, 1_000_000)
console.log(pi.toFixed(5))

// Output:
// 25 %
// 50 %
// 75 %
// 100 %
// 3.14159
