/**
 * Scopes of cancellation: a tree of our own, in which a cancelled scope is cancelled for good, with all below it.
 *
 * Not `AbortSignal.any`: a signal costs an AbortController for each child, most of which nobody ever looks at, and the
 * links between signals are weak and cannot be taken back. Here a parent knows its children, a child that ends leaves,
 * and a signal is made when somebody reads it. (trio's cancel scopes are the model: levels, not edges.)
 */
import { CancelledError } from '../errors.ts'
import { onAbort } from '../limits/on-abort.ts'
import type { Scope } from '../limits/scope.ts'
import { noteSite, observer } from './debug-seam.ts'
import { moment } from './moment.ts'
import type { Deadline } from './deadline.ts'

/** What stands behind a scope, for those who look at the tree. */
export interface Work {
  readonly kind: 'task' | 'group' | 'gather' | 'map' | 'retry' | 'timeout' | 'shield' | 'run'
  /** What it is called, '' if there is nothing to say. */
  readonly name: string
}

/** As it stands in sentences: `task "fetch"`, `TaskGroup`, `timeout of 100 ms`. */
export function labelOf({ kind, name }: Work): string {
  if (kind === 'run') return 'run()'
  if (kind === 'timeout' || kind === 'shield') return name === '' ? kind : `${kind} of ${name}`
  const noun = kind === 'group' ? 'TaskGroup' : kind
  return name === '' ? noun : `${noun} ${JSON.stringify(name)}`
}

interface Listener {
  readonly tell: (reason: unknown) => void
  readonly isWait: boolean
}

/** Scopes that have no parent: what `tasks()` begins with. They are held until they close. */
export const roots: Set<CancelScope> = new Set()
let parked = 0

/** In how many scopes somebody waits for something of this library. */
export function parkedScopes(): number {
  return parked
}

/** What most scopes never need. A child of a group is a scope, and of those there may be a hundred thousand. */
class Rest {
  /** The children, as a list through their own fields: to add or to remove one takes the same time for any number. */
  first: CancelScope | undefined = undefined
  last: CancelScope | undefined = undefined
  whenEmpty: (() => void) | undefined = undefined
  deadline: Deadline | undefined = undefined
  controller: AbortController | undefined = undefined
  listeners: Set<Listener> | undefined = undefined
  waits = 0
  waitsFor: string | undefined = undefined
  unfollow: (() => void) | undefined = undefined
}

export class CancelScope implements Scope {
  parent: CancelScope | undefined
  readonly work: Work
  /** The cancellation of the parent stops here. */
  readonly shielded: boolean
  reason: unknown = undefined
  closed = false
  /** When it was opened, by the clock of the library. */
  readonly born: number = moment()
  /** The next child of the same parent. */
  next: CancelScope | undefined = undefined
  #previous: CancelScope | undefined = undefined
  #rest: Rest | undefined = undefined

  /** `work`: what stands behind it; undefined for a task, which is its own scope. */
  constructor(work: Work | undefined, parent: CancelScope | undefined, shielded: boolean = false) {
    this.work = work ?? (this as unknown as Work)
    this.shielded = shielded
    this.parent = parent
    noteSite(this)
    if (parent === undefined) roots.add(this)
    else {
      parent.#append(this)
      if (!shielded && parent.reason !== undefined) this.reason = parent.reason
    }
  }

  /** The first child, from which `next` leads to the others. */
  get first(): CancelScope | undefined {
    return this.#rest?.first
  }

  /** Whether somebody has looked at its signal, or left something open in it: then it is no scope for other work. */
  get used(): boolean {
    const rest = this.#rest
    return rest !== undefined && (rest.controller !== undefined || rest.first !== undefined || rest.waits > 0)
  }

  get deadline(): Deadline | undefined {
    return this.#rest?.deadline
  }

  set deadline(deadline: Deadline) {
    this.#more.deadline = deadline
  }

  get isLimited(): boolean {
    if (this.deadline !== undefined && !this.closed) return true
    return !this.shielded && this.parent !== undefined && this.parent.isLimited
  }

  /** Aborted when the scope is cancelled. */
  get signal(): AbortSignal {
    const more = this.#more
    if (more.controller === undefined) {
      more.controller = new AbortController()
      if (this.reason !== undefined) more.controller.abort(this.reason)
    }
    return more.controller.signal
  }

  /** Cancels this scope and all below it, but not what is shielded. Only the first reason counts. */
  cancel(reason: unknown): void {
    if (this.reason !== undefined || this.closed) return
    // Some signals give no reason at all, and undefined would mean that nothing has happened.
    const given = reason === undefined ? new CancelledError() : reason
    // All are marked before the first is told: whoever is told finds no scope below that still lets him begin.
    const struck: CancelScope[] = [this]
    this.reason = given
    for (let i = 0; i < struck.length; i++) {
      for (let child = struck[i]?.first; child !== undefined; child = child.next) {
        if (child.shielded || child.reason !== undefined) continue
        child.reason = given
        struck.push(child)
      }
    }
    observer?.cancelled(this)
    for (const scope of struck) scope.#tell(given)
  }

  /** Cancels the scope when the signal aborts. A scope follows one signal at most. */
  follow(signal: AbortSignal): void {
    // The parent tells it already. It is the field that is read, so that no signal is made for the question.
    let above = this.shielded ? undefined : this.parent
    for (; above !== undefined; above = above.shielded ? undefined : above.parent) {
      if (above.#rest?.controller?.signal === signal) return
    }
    if (signal.aborted) this.cancel(signal.reason)
    else this.#more.unfollow = onAbort(signal, () => this.cancel(signal.reason))
  }

  /** For waits of this library: as `listen`, and the scope counts as one that waits. */
  onCancel(f: (reason: unknown) => void, what: string = 'a lock, a queue or the like'): () => void {
    const more = this.#more
    if (more.waits++ === 0) parked++
    // Of several waits the last one is shown.
    more.waitsFor = what
    return this.#register({ tell: f, isWait: true })
  }

  /** Calls `f` once when the scope is cancelled, in a later turn if it is so already. Returns what takes it back. */
  listen(f: (reason: unknown) => void): () => void {
    return this.#register({ tell: f, isWait: false })
  }

  /** What somebody waits for here, of this library; undefined if nobody does. */
  get waitsFor(): string | undefined {
    return this.#rest?.waitsFor
  }

  /** Called when the last child has left. */
  set whenEmpty(f: () => void) {
    this.#more.whenEmpty = f
  }

  /** The work is over. What it has left open goes to the parent, which is then waited for in its place. */
  close(): void {
    if (this.closed) return
    const rest = this.#rest
    rest?.deadline?.stop()
    this.closed = true
    observer?.closed(this)
    if (rest !== undefined) {
      rest.whenEmpty = undefined
      rest.unfollow?.()
      for (let child = rest.first; child !== undefined; child = rest.first) child.moveTo(this.parent)
    }
    this.#leaveParent()
  }

  /** Gives the scope another parent. It stays cancelled if it is, and is cancelled if the new parent is. */
  moveTo(parent: CancelScope | undefined): void {
    this.#leaveParent()
    this.parent = parent
    if (parent === undefined) {
      roots.add(this)
      return
    }
    parent.#append(this)
    if (!this.shielded && parent.reason !== undefined) this.cancel(parent.reason)
  }

  /** Leaves its parent and its signal for now: nothing cancels it and nobody waits for it, until `moveTo`. */
  detach(): void {
    const rest = this.#rest
    rest?.unfollow?.()
    if (rest !== undefined) rest.unfollow = undefined
    this.#leaveParent()
    this.parent = undefined
  }

  get #more(): Rest {
    return (this.#rest ??= new Rest())
  }

  #leaveParent(): void {
    if (this.parent === undefined) roots.delete(this)
    else this.parent.#remove(this)
  }

  #register(listener: Listener): () => void {
    const listeners = (this.#more.listeners ??= new Set())
    listeners.add(listener)
    if (this.reason !== undefined) queueMicrotask(() => this.#callListeners(this.reason))
    return () => this.#drop(listener)
  }

  #drop(listener: Listener): void {
    const more = this.#more
    if (more.listeners?.delete(listener) !== true || !listener.isWait || --more.waits > 0) return
    parked--
    more.waitsFor = undefined
    observer?.resumes()
  }

  #tell(reason: unknown): void {
    this.#rest?.controller?.abort(reason)
    this.#callListeners(reason)
  }

  /** Those that are taken back while it goes on are not called. */
  #callListeners(reason: unknown): void {
    for (const listener of this.#rest?.listeners ?? []) {
      this.#drop(listener)
      listener.tell(reason)
    }
  }

  #append(child: CancelScope): void {
    const more = this.#more
    child.#previous = more.last
    if (more.last === undefined) more.first = child
    else more.last.next = child
    more.last = child
  }

  #remove(child: CancelScope): void {
    const more = this.#more
    if (child.#previous === undefined) more.first = child.next
    else child.#previous.next = child.next
    if (child.next === undefined) more.last = child.#previous
    else child.next.#previous = child.#previous
    // Who still has a child that is over would hold all those that came after it.
    child.#previous = undefined
    child.next = undefined
    if (more.first === undefined) more.whenEmpty?.()
  }
}
