// Threads share the work by two queues. Whoever is free takes the next line; shutdown() says that there are no more.
import { SharedQueue, ThreadPoolExecutor } from 'multitask'
import { countWords } from './tasks/count-words.ts'

const lines = new SharedQueue<string>(100)
const counts = new SharedQueue<number>()
await using executor = new ThreadPoolExecutor({ maxWorkers: 3 })
const threads = [1, 2, 3].map(() => executor.submit(countWords, lines, counts))

for (let line = 1; line <= 1000; line++) await lines.put('word '.repeat(line).trim())
lines.shutdown()
await Promise.all(threads)
counts.shutdown()

let words = 0
for await (const count of counts) words += count
console.log(words, 'words')

// Output:
// 500500 words
