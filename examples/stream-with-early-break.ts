// A generator runs on a thread, a few items ahead of the loop that reads it. Leaving the loop ends the generator.
import { ThreadPoolExecutor } from 'multitask'

function* primes(): Generator<number> {
  for (let n = 2; ; n++) {
    let divisor = 2
    while (divisor * divisor <= n && n % divisor !== 0) divisor++
    if (divisor * divisor > n) yield n
  }
}

await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
for await (const prime of executor.stream(primes)) {
  if (prime > 1000) console.log(prime)
  if (prime > 1020) break
}
console.log('the only thread is free again:', await executor.submit(() => 'yes'))

// Output:
// 1009
// 1013
// 1019
// 1021
// the only thread is free again: yes
