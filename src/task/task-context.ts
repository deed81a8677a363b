/**
 * What the function of a task is given: its signal, its name, its deadline.
 *
 * It is a bag of options itself: `fetch(url, context)`, `lock.acquire(context)` and `{ ...context, method: 'POST' }` take
 * the signal out of it. So `signal` is the one property of its own that it has, and all else is inherited.
 */
import type { CancelScope } from './cancel-scope.ts'
import { openScope } from './current-scope.ts'
import { lookAtClock, nearestDate } from './deadline.ts'

export interface TaskContext {
  /** Aborted when the task is cancelled, by whomever. Its reason is what the task is to end with. */
  readonly signal: AbortSignal
  readonly name: string
  /** The moment, as from `Date.now()`, at which it is cancelled, by the nearest timeout around it; Infinity for none. */
  readonly deadline: number
  /** Throws the reason if the task is cancelled or late. For loops that never await, which no alarm interrupts. */
  check(): void
  /** For a task that was begun by `group.start()`: that is what it resolves to. Elsewhere it does nothing. */
  ready(value?: unknown): void
}

/** Runs the work of a task. What it returns is awaited. */
export type TaskFn<T> = (context: TaskContext) => T | PromiseLike<T>

/** One for all: defining a getter anew for each context would take longer than all else in starting a task. */
const signalOfScope: PropertyDescriptor & ThisType<ScopeContext> = {
  configurable: true,
  enumerable: true,
  get() {
    return readSignal(this)
  },
}

/** Who is told that a task is ready. */
interface Listener {
  ready(value: unknown): void
}

let readSignal: (context: ScopeContext) => AbortSignal

export class ScopeContext implements TaskContext {
  static {
    readSignal = context => context.#scope.signal
  }

  declare readonly signal: AbortSignal
  readonly #scope: CancelScope
  readonly #listener: Listener | undefined

  constructor(scope: CancelScope, listener?: Listener) {
    this.#scope = scope
    this.#listener = listener
    Object.defineProperty(this, 'signal', signalOfScope)
  }

  get name(): string {
    // A timeout or a shield has none that would tell anything.
    let scope: CancelScope | undefined = this.#scope
    while (scope !== undefined && (scope.work.kind === 'timeout' || scope.work.kind === 'shield')) scope = scope.parent
    return scope?.work.name ?? ''
  }

  get deadline(): number {
    return nearestDate(this.#scope)
  }

  check(): void {
    lookAtClock(this.#scope)
    if (this.#scope.reason !== undefined) throw this.#scope.reason
  }

  ready(value?: unknown): void {
    this.#listener?.ready(value)
  }
}

/**
 * The context in which the caller runs, undefined outside of tasks. In a browser it is known until the first `await`:
 * there it is the context that is handed on.
 */
export function taskContext(): TaskContext | undefined {
  const scope = openScope()
  return scope === undefined ? undefined : new ScopeContext(scope)
}
