/** What the compiler accepts of tasks, and what it refuses. Checked by `npm run types`, never run. */
import { createTask, moveOnAfter, run, shield, sleep, type Task, TaskGroup, timeout, waitFor } from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

// Results are awaited.
const task = createTask(async () => 5)
void (true satisfies Same<typeof task, Task<number>>)
const plain = createTask(() => 'text')
void (true satisfies Same<typeof plain, Task<string>>)
void (true satisfies Same<ReturnType<typeof task.result>, number>)

export const accepted = [
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
  async () => {
    const end = await moveOnAfter(5, () => 'text')
    return end.timedOut ? (end.value satisfies undefined) : (end.value satisfies string)
  },
]

export const refused = [
  // @ts-expect-error a promise runs already
  () => TaskGroup.run(group => group.spawn(sleep(5))),
  // @ts-expect-error a promise runs already
  () => createTask(sleep(5)),
  // @ts-expect-error a promise runs already
  () => timeout(5, sleep(5)),
  // @ts-expect-error awaiting a promise never cancels it
  () => shield(sleep(5)),
  // @ts-expect-error it is ready with a number
  () => TaskGroup.run(group => group.start<number>(context => context.ready('text'))),
  // @ts-expect-error there is no such option
  () => TaskGroup.run(() => {}, { limt: 5 }),
  // @ts-expect-error tasks are made by createTask and by groups
  () => new (task.constructor as typeof Task)(),
]
