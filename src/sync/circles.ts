/**
 * Circles: tasks of one thread of which each waits for a lock that the next one holds.
 *
 * They are looked for when a wait begins, as only that can close one: who takes a lock does not wait. The wait that closes
 * the circle gets the error, since it is the last step that led there and its trace shows the order that is wrong; what
 * it holds it gives back on its way out, and the others go on. What will end anyhow, by a time limit or a signal, is no
 * deadlock.
 *
 * How sure that is depends on by whom a lock is held. What a `with` runs holds its lock until it has settled: to wait in
 * it for something that needs the lock will never end. Of a task that has acquired a lock only the task is known, and in
 * it several calls may go on side by side, of which one waits and another will release. So a task that was seen to do
 * two things at once is left out, a task does not wait for itself, and a circle of tasks is told only after it has stood
 * unchanged for a moment. (Deadlock detection in a wait-for graph, as databases do it.)
 */
import { DeadlockError } from '../errors.ts'
import { alarm } from '../limits/clock.ts'
import { type Caller, Flow, nameOfOwner } from './ownership.ts'
import type { Waiter } from './waiter-list.ts'

/** In ms: circles that depend on what a task will do. */
const GRACE = 1000

/** A lock, as far as this thread knows by whom it is held. */
export interface Held {
  readonly label: string
  /** The task or flow of this thread that holds it; undefined if that is not known. */
  readonly holder: object | undefined
  /** Another number each time that it is taken in this thread. */
  readonly turns: number
}

export interface LockWait {
  readonly lock: Held
  readonly caller: Caller
  /** Something will end it. */
  readonly ends: boolean
  /** It may not be ended. */
  readonly firm: boolean
  /** Ends it. */
  readonly fail: (error: Error) => void
}

/** The waits of each task and of each flow. */
const waits = new Map<object, Set<LockWait>>()
/** Tasks that have waited for one lock and done something with another meanwhile. */
const parallel = new WeakSet<object>()
/** What takes back that a circle will be looked at again. */
const alarms = new Map<LockWait, () => void>()

/** A task or flow takes a lock without a wait. */
export function noteTaking(holder: object): void {
  if (waits.size > 0) noteActivity(holder instanceof Flow ? holder.task : holder)
}

/** The task does something. If it waits meanwhile, it does two things at once. */
function noteActivity(task: object | undefined): void {
  if (task !== undefined && waits.has(task)) parallel.add(task)
}

/** A wait has begun. If it closes a circle for sure, it is ended by this call; else that may come later. */
export function lockWaitBegins(wait: LockWait, waiter: Waiter): void {
  const { task, flows } = wait.caller
  if (task === undefined && flows.length === 0) return
  const { settle } = waiter
  waiter.settle = () => {
    settle()
    lockWaitEnds(wait)
  }
  noteActivity(task)
  if (task !== undefined) enter(task, wait)
  for (const flow of flows) enter(flow, wait)
  if (wait.ends) return
  const circle = circleOf(wait)
  if (circle === undefined) return
  if (isCertain(circle)) return tell(circle)
  const before = circle.map(each => each.lock.turns)
  const lookAgain = (): void => {
    alarms.delete(wait)
    const now = circleOf(wait)
    if (now?.every((each, i) => each === circle[i] && each.lock.turns === before[i])) tell(now)
  }
  alarms.set(wait, alarm(GRACE, lookAgain))
}

function lockWaitEnds(wait: LockWait): void {
  const { task, flows } = wait.caller
  if (task !== undefined) leave(task, wait)
  for (const flow of flows) leave(flow, wait)
  alarms.get(wait)?.()
  alarms.delete(wait)
}

function enter(owner: object, wait: LockWait): void {
  const known = waits.get(owner)
  if (known === undefined) waits.set(owner, new Set([wait]))
  else known.add(wait)
}

function leave(owner: object, wait: LockWait): void {
  const known = waits.get(owner)
  if (known?.delete(wait) === true && known.size === 0) waits.delete(owner)
}

/** The waits of a circle, the given one first, each for a lock that the next one's task or flow holds. */
function circleOf(last: LockWait): LockWait[] | undefined {
  const path: LockWait[] = []
  const seen = new Set<Held>()
  const leads = (wait: LockWait): boolean => {
    const { holder } = wait.lock
    if (wait.ends || seen.has(wait.lock) || holder === undefined || parallel.has(holder)) return false
    seen.add(wait.lock)
    path.push(wait)
    if (isCaller(last.caller, holder)) {
      if (path.length > 1 || holder instanceof Flow) return true
    } else for (const next of waits.get(holder) ?? []) if (leads(next)) return true
    path.pop()
    return false
  }
  return leads(last) ? path : undefined
}

function isCaller({ task, flows }: Caller, holder: object): boolean {
  return holder === task || flows.includes(holder as Flow)
}

/** Whether every lock of it is held by a flow. */
function isCertain(circle: readonly LockWait[]): boolean {
  return circle.every(({ lock }) => lock.holder instanceof Flow)
}

function tell(circle: readonly LockWait[]): void {
  const [last] = circle
  const one = circle.find(wait => !wait.firm)
  const lines = circle.map((wait, i) => {
    const { label, holder } = wait.lock
    const wanted = circle[(i + 1) % circle.length]!.lock.label
    return `  ${nameOfOwner(holder!)} holds the ${label} and waits for the ${wanted}`
  })
  one?.fail(new DeadlockError(`to wait for the ${last!.lock.label} would never end:\n${lines.join('\n')}`))
}
