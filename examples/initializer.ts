// An initializer prepares each thread before its first call: a connection, a model, a dictionary.
import { ThreadPoolExecutor } from 'multitask'
import { loadWords, translate } from './tasks/dictionary.ts'

await using executor = new ThreadPoolExecutor({
  maxWorkers: 2,
  initializer: loadWords,
  initargs: ['ett tva tre', 'one two three'],
})
console.log((await executor.map(translate, ['tre', 'ett', 'fyra', 'tva']).toArray()).join(' '))

// Output:
// three one ? two
