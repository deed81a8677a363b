/** What the compiler accepts of queues, and what it refuses. Checked by `npm run types`, never run. */
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

interface Job {
  readonly priority: number
}

const numbers = new Queue<number>(5, { name: 'numbers' })
const got = numbers.get({ timeout: 5, signal: AbortSignal.timeout(5) })
void (true satisfies Same<typeof got, Promise<number>>)
for await (const item of numbers) void (true satisfies Same<typeof item, number>)

// The kinds have the same face, so that one can stand for another.
export const faces: Queue<number>[] = [numbers, new LifoQueue<number>(), new PriorityQueue<number>()]

// The items that compare gets are those of the queue.
export const jobs: PriorityQueue<Job> = new PriorityQueue(0, { compare: (a, b) => a.priority - b.priority })
// Nothing is to be awaited where nobody can wait.
void (true satisfies Same<ReturnType<SimpleQueue<number>['put']>, void>)

export const refused = [
  // @ts-expect-error an item of another type
  () => numbers.put('x'),
  // @ts-expect-error an unknown option
  () => numbers.get({ timeOut: 5 }),
  // @ts-expect-error options in the place of the size
  () => new Queue({ name: 'jobs' }),
  // @ts-expect-error a compare that returns no number
  () => new PriorityQueue<number>(0, { compare: (a, b) => a > b }),
  // @ts-expect-error a queue without limit has no room to wait for
  () => new SimpleQueue<number>().put(5, { timeout: 5 }),
]
