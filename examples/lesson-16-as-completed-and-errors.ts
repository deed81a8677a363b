// asCompleted() gives futures as they finish, those that failed among them.
// On the event loop, whose timers keep their order on a busy machine; a ThreadPoolExecutor takes the same calls.
import { asCompleted, LoopExecutor } from 'multitask'
import { ValueError, work } from './tasks/work.ts'

await using executor = new LoopExecutor()
for await (const future of asCompleted([3, 1, 2].map(n => executor.submit(work, n)))) {
  const error = future.exception()
  console.log(error instanceof ValueError ? `ValueError('${error.message}')` : future.result())
}

// Output:
// 1
// ValueError('two is bad')
// 3
