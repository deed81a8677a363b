/** What is said of schedules that do not come to an end, and of races. */
import type { AsyncTask } from './async-task.ts'
import type { Failure } from './failure.ts'
import type { LogicalThread } from './logical-thread.ts'
import type { Race } from './races.ts'

/** The threads that wait, if there are any, and who holds what they wait for. */
export function deadlockOf(threads: readonly LogicalThread[]): Failure | undefined {
  const stuck = threads.filter(({ isDone }) => !isDone)
  if (stuck.length === 0) return undefined
  const lines = stuck.map(
    thread => `${thread.name} waits at ${thread.pending?.text ?? 'its beginning'}${held(thread, threads)}`,
  )
  return { kind: 'deadlock', message: `deadlock: ${lines.join('; ')}` }
}

function held({ holder, identity }: LogicalThread, threads: readonly LogicalThread[]): string {
  const by = holder === 0 || holder === identity ? undefined : threads.find(thread => thread.identity === holder)
  if (by === undefined) return holder === identity ? ', which it holds itself' : ''
  return `, held by ${by.name}${by.isDone ? ', which has ended' : ''}`
}

export function livelockOf(threads: readonly LogicalThread[], steps: number): Failure {
  const spinning = threads.filter(({ isDone, spins }) => !isDone && spins)
  const who = spinning.map(({ name, pending }) => `${name} at ${pending?.text ?? 'its end'}`).join('; ')
  const reason = who === '' ? '' : `; nothing changes any more: ${who}`
  return { kind: 'livelock', message: `livelock: no end after ${steps} steps${reason}` }
}

export function raceOf(race: Race, threads: readonly LogicalThread[], nameOf: (cell: number) => string): Failure {
  const does = (thread: number, writes: boolean): string => `${threads[thread]!.name} ${writes ? 'writes' : 'reads'}`
  const both = `${does(race.one, race.oneWrites)}, ${does(race.other, race.otherWrites)}`
  return { kind: 'race', message: `data race on ${nameOf(race.cell)}: ${both}, and nothing orders the two` }
}

/** The same for tasks. `holders`: who holds what they wait for. */
export function deadlockOfTasks(
  tasks: readonly AsyncTask[],
  holders: ReadonlyMap<object, AsyncTask>,
): Failure | undefined {
  const stuck = tasks.filter(({ isDone }) => !isDone)
  if (stuck.length === 0) return undefined
  const lines = stuck.map(({ name, pending }) => {
    const holder = pending?.handle === undefined ? undefined : holders.get(pending.handle)
    const by = holder === undefined ? '' : `, held by ${holder.name}${holder.isDone ? ', which has ended' : ''}`
    return `${name} waits at ${pending?.text ?? 'its end'}${by}`
  })
  return { kind: 'deadlock', message: `deadlock: ${lines.join('; ')}` }
}
