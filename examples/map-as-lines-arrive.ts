// map() also takes inputs that arrive one by one, and reads them no faster than they are used.
// With `unordered` each result comes as soon as it is there.
import { ThreadPoolExecutor } from 'multitask'

async function* lines(): AsyncGenerator<string> {
  for (const line of ['to be', 'or', 'not to be', 'that is the question']) {
    yield line
    await new Promise(resolve => setImmediate(resolve))
  }
}

const countWords = (line: string): string => `${line.split(' ').length} in "${line}"`

await using executor = new ThreadPoolExecutor()
for await (const count of executor.with({ unordered: true }).map(countWords, lines())) console.log(count)

// Unordered output:
// 2 in "to be"
// 1 in "or"
// 3 in "not to be"
// 4 in "that is the question"
