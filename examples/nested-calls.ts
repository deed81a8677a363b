// A call may submit calls to its own pool and wait for them: it lends them its thread, so even one thread is enough.
import { ThreadPoolExecutor } from 'multitask'
import { mergeSort } from './tasks/merge-sort.ts'

await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
console.log((await executor.submit(mergeSort, [5, 2, 8, 1, 9, 3, 7, 4])).join(' '))

// Output:
// 1 2 3 4 5 7 8 9
