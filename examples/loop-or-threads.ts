// The same calls on the event loop and on threads: an executor is where things run, and nothing else.
import { type Executor, LoopExecutor, ThreadPoolExecutor } from 'multitask'

const wordLength = (word: string): number => word.length

async function longest(executor: Executor, words: string[]): Promise<number> {
  return Math.max(...(await executor.map(wordLength, words).toArray()))
}

for (const executor of [new LoopExecutor(), new ThreadPoolExecutor()]) {
  console.log(executor.constructor.name, await longest(executor, ['any', 'function', 'on', 'every', 'core']))
  await executor.shutdown()
}

// Output:
// LoopExecutor 8
// ThreadPoolExecutor 8
