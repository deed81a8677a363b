// One thread puts items into a queue that has room for two; two threads take them.
import { SharedQueue, ThreadPoolExecutor } from 'multitask'
import { consumer } from './tasks/consumer.ts'

const queue = new SharedQueue<number | null>(2)
{
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  const threads = [1, 2].map(() => executor.submit(consumer, queue))
  for (let item = 0; item < 6; item++) await queue.put(item)
  for (const _ of threads) await queue.put(null)
  await queue.join()
}
console.log('done')

// Unordered output:
// consumed 0
// consumed 1
// consumed 2
// consumed 3
// consumed 4
// consumed 5
// done
