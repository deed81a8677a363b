// A function may use the variables around it: a thread gets a copy of them, as they are at submit.
// runtimes: node (Bun and Deno cannot read captured variables; there they are passed as arguments)
import { CannotSendError, ThreadPoolExecutor } from 'multitask'

await using executor = new ThreadPoolExecutor()

const rates = new Map([
  ['EUR', 1],
  ['SEK', 11.5],
])
const inSek = (euros: number): number => euros * rates.get('SEK')!
const before = executor.submit(inSek, 10)
rates.set('SEK', 12)
console.log(await before, await executor.submit(inSek, 10))

let total = 0
try {
  await executor.submit((n: number) => (total += n), 5)
} catch (error) {
  // It would add to the thread's copy, and nobody would ever see the sum.
  console.log(error instanceof CannotSendError, total)
}

// Output:
// 115 120
// true 0
