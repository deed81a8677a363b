// map() gives results in the order of the inputs, although here the first takes longest.
import { ThreadPoolExecutor } from 'multitask'

async function square(n: number): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 50 * (5 - n)))
  return n * n
}

await using executor = new ThreadPoolExecutor()
for await (const result of executor.map(square, [1, 2, 3, 4])) console.log(result)

// Output:
// 1
// 4
// 9
// 16
