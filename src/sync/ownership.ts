/**
 * Who holds a lock, more exactly than by its thread.
 *
 * A thread runs many tasks by turns, so a lock that its owner may take again has to tell them apart, or it would let all
 * of them in. What a task is, this file does not know: those who run tasks say here how the current one is found. Where
 * nobody knows one, there still are *flows*: what `with` calls, and all that it awaits, is an owner of its own. What is in
 * neither belongs to the thread as a whole.
 *
 * A browser cannot follow a call through its awaits. There a flow is known until the first `await` in it only.
 */
import { type Ambient, followsCheaply, makeAmbient } from '../platform/ambient.ts'

let providers: readonly (() => object | undefined)[] = []

/** Says how the task that runs is found: an object of its own, or undefined outside of tasks. Returns what takes it back. */
export function provideOwner(find: () => object | undefined): () => void {
  providers = [...providers, find]
  return () => {
    providers = providers.filter(each => each !== find)
  }
}

/** The task that runs, as far as somebody knows it; undefined stands for the thread itself. */
export function currentOwner(): object | undefined {
  return providers.length === 0 ? undefined : findOwner()
}

function findOwner(): object | undefined {
  if (providers.length === 1) return providers[0]!()
  let owner: object | undefined
  for (const find of providers) {
    const task = find()
    if (task !== undefined) owner = owner === undefined ? task : pairOf(owner, task)
  }
  return owner
}

const pairs = new WeakMap<object, WeakMap<object, object>>()

/**
 * The one object that stands for both. Tasks of two kinds may be nested, either in the other, and which is the inner one
 * cannot be told. It need not: two callers are in the same inner task just if they are in the same two.
 */
function pairOf(one: object, other: object): object {
  let others = pairs.get(one)
  if (others === undefined) pairs.set(one, (others = new WeakMap()))
  let pair = others.get(other)
  if (pair === undefined) others.set(other, (pair = {}))
  return pair
}

/** The owner of what is held outside of tasks and flows. */
const THREAD: object = {}

const flows: Ambient<Flow> = makeAmbient()

/** A flow for a call of `with`, where it costs little: in a task, which has made calls be followed, or by the runtime. */
export function flowIfCheap(): Flow | undefined {
  return followsCheaply || currentOwner() !== undefined ? new Flow() : undefined
}

/** What one call of `with` runs, and all that it awaits. */
export class Flow {
  /** A task that is started inside of it is no part of it, though the ambient value reaches there. */
  readonly task: object | undefined = currentOwner()
  /** The flow around it that goes on. One that is over is left out, or a chain of them could grow for ever. */
  readonly outer: Flow | undefined = innermost(this.task)
  /** What it has run has settled. */
  over = false

  /** Calls `f` as a part of it. */
  run<R>(f: () => R): R {
    return flows.run(this, f)
  }
}

/** The innermost flow of the task that runs, among those that are not over. */
function innermost(task: object | undefined): Flow | undefined {
  let flow = flows.get()
  if (flow?.task !== task) return undefined
  while (flow?.over === true) flow = flow.outer
  return flow
}

/** Who calls: the task, and the flows in it that go on, the innermost first. */
export interface Caller {
  readonly task: object | undefined
  readonly flows: readonly Flow[]
}

export function callerHere(): Caller {
  const task = currentOwner()
  const inside: Flow[] = []
  for (let flow = innermost(task); flow !== undefined; flow = flow.outer) if (!flow.over) inside.push(flow)
  return { task, flows: inside }
}

/** As it stands in sentences: `task "fetch"`. */
export function nameOfOwner(owner: object): string {
  const task = owner instanceof Flow ? owner.task : owner
  if (task === undefined) return 'a call of with()'
  const { name } = task as { readonly name?: unknown }
  if (typeof name === 'string' && name !== '') return `task ${JSON.stringify(name)}`
  return 'a task'
}

/** The owner of what the caller takes. */
export function ownerHere(): object {
  const task = currentOwner()
  return innermost(task) ?? task ?? THREAD
}

/** Whether what belongs to `owner` belongs to the caller: to its task, or to a flow in which it runs. */
export function isOwner(owner: object): boolean {
  const task = currentOwner()
  if (owner === (task ?? THREAD)) return true
  let flow = flows.get()
  while (flow !== undefined && flow !== owner) flow = flow.outer
  return flow !== undefined && flow.task === task
}
