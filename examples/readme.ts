// The ten lines of the README: any function, on every core.
import { asCompleted, ThreadPoolExecutor } from 'multitask'
import { countPrimes } from './tasks/count-primes.ts' // an ordinary exported function

const pool = new ThreadPoolExecutor() // one worker a core, started when needed

console.log(await pool.submit(countPrimes, 10_000)) // one call: a promise that can be cancelled
console.log(await pool.map(countPrimes, [10, 100, 1000]).toArray()) // many: in order, in batches, lazily

const futures = [20_000, 30_000].map(n => pool.with({ timeout: 60_000, retries: 1 }).submit(countPrimes, n))
for await (const future of asCompleted(futures)) console.log(future.result() > 2000)

// Output:
// 1229
// [ 4, 25, 168 ]
// true
// true
