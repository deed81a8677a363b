/** What the compiler accepts of tasks, and what it refuses. Checked by `npm run types`, never run. */
import {
  asCompleted,
  createTask,
  type Future,
  gather,
  type MapResults,
  mapAsync,
  moveOnAfter,
  rateLimit,
  retry,
  run,
  shield,
  sleep,
  type Task,
  TaskGroup,
  timeout,
  waitFor,
} from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

// Results are awaited.
const task = createTask(async () => 5)
void (true satisfies Same<typeof task, Task<number>>)
const plain = createTask(() => 'text')
void (true satisfies Same<typeof plain, Task<string>>)
void (true satisfies Same<ReturnType<typeof task.result>, number>)

declare const future: Future<Date>
const several: (() => Promise<number>)[] = []

export const accepted = [
  async () => {
    const tuple = await gather([() => 5, async () => 'text', task, future, context => context.signal])
    void (true satisfies Same<typeof tuple, [number, string, number, Date, AbortSignal]>)
    const record = await gather({ a: () => 5, b: task, c: future }, { limit: 2 })
    void (true satisfies Same<typeof record, { a: number; b: number; c: Date }>)
    void (true satisfies Same<Awaited<ReturnType<typeof gather<typeof several>>>, number[]>)
    const mixed = await gather([() => 5, task], { returnExceptions: true })
    void (true satisfies Same<typeof mixed, [number | Error, number | Error]>)
    const iterated = await gather(new Set(several))
    void (true satisfies Same<typeof iterated, number[]>)
    for await (const done of asCompleted([() => 5, async () => 6])) done.result() satisfies number
    for await (const done of asCompleted([task, future])) done.result() satisfies number | Date
  },
  () => TaskGroup.run(group => group.spawn(context => fetch('data:,', context))) satisfies Promise<Response>,
  () => TaskGroup.run(async group => group.spawn(() => task)) satisfies Promise<number>,
  () => TaskGroup.run(group => group.start<number>(context => context.ready(5))) satisfies Promise<number>,
  () => TaskGroup.run(group => group.start(context => context.ready())) satisfies Promise<void>,
  () => timeout(5, context => context.reschedule(10)) satisfies Promise<void>,
  () => timeout(5, async ({ signal }) => signal.aborted) satisfies Promise<boolean>,
  () => waitFor(task, 5) satisfies Promise<number>,
  () => waitFor(() => 5, 5) satisfies Promise<number>,
  () => shield(() => sleep(5, 'text')) satisfies Promise<string>,
  () => run(({ deadline }) => deadline) satisfies Promise<number>,
  () => mapAsync([1], async x => `${x}`, { limit: 1 }) satisfies MapResults<string>,
  () =>
    mapAsync(new Set<string>(), (x, { signal }) => (signal.aborted ? x : sleep(5, 5)), {
      limit: 1,
    }) satisfies MapResults<string | number>,
  () =>
    rateLimit({ limit: 1, interval: 5 }).wrap((x: number, y: string) => y.repeat(x))(
      5,
      'text',
    ) satisfies Promise<string>,
  () => retry(async ({ attempt }) => attempt, { delay: (_, attempt) => attempt }) satisfies Promise<number>,
  async () => {
    const end = await moveOnAfter(5, () => 'text')
    return end.timedOut ? (end.value satisfies undefined) : (end.value satisfies string)
  },
]

export const refused = [
  // @ts-expect-error a promise runs already
  () => gather([sleep(5)]),
  // @ts-expect-error they stand in an array
  () => gather(() => 5),
  // @ts-expect-error there is no such option
  () => gather([], { limt: 5 }),
  // @ts-expect-error a promise runs already
  () => TaskGroup.run(group => group.spawn(sleep(5))),
  // @ts-expect-error a promise runs already
  () => createTask(sleep(5)),
  // @ts-expect-error a promise runs already
  () => timeout(5, sleep(5)),
  // @ts-expect-error awaiting a promise never cancels it
  () => shield(sleep(5)),
  // @ts-expect-error a map needs a limit
  () => mapAsync([1], x => x, {}),
  // @ts-expect-error a promise runs already
  () => retry(sleep(5)),
  // @ts-expect-error it takes a number
  () => rateLimit({ limit: 1, interval: 5 }).wrap((x: number) => x)('text'),
  // @ts-expect-error it is ready with a number
  () => TaskGroup.run(group => group.start<number>(context => context.ready('text'))),
  // @ts-expect-error there is no such option
  () => TaskGroup.run(() => {}, { limt: 5 }),
  // @ts-expect-error tasks are made by createTask and by groups
  () => new (task.constructor as typeof Task)(),
]
