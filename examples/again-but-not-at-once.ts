// What fails is tried again, with pauses that grow; each try has a time limit, and no more than three start in an interval.
import { mapAsync, rateLimit, retry, sleep, timeout } from 'multitask'

const starts: number[] = []

/** Fails at its first try, and is slow at its second. */
async function ask(name: string, attempt: number): Promise<string> {
  starts.push(performance.now())
  if (attempt === 1) throw new Error(`${name} is busy`)
  await sleep(attempt === 2 ? 1000 : 1)
  return `${name} after ${attempt} tries`
}

const limit = rateLimit({ limit: 3, interval: 50 })
const askPolitely = limit.wrap(ask)

const answers = await mapAsync(
  ['Ada', 'Grace'],
  name => retry(({ attempt }) => timeout(500, () => askPolitely(name, attempt)), { retries: 4, delay: 10 }),
  { limit: 2 },
).toArray()
console.log(answers.join(', '))
console.log(starts.length, 'starts in', starts.at(-1)! - starts[0]! >= 50 ? 'more than one interval' : 'one interval')

try {
  await retry(() => Promise.reject(new Error('always')), { retries: 2, delay: 1 })
} catch (error) {
  const { message, suppressed } = error as Error & { suppressed: Error[] }
  console.log(message, 'and before it', suppressed.join(', '))
}

// Output:
// Ada after 3 tries, Grace after 3 tries
// 6 starts in more than one interval
// always and before it Error: always, Error: always
