/**
 * What the function of a task is given: its signal, its name, its deadline.
 *
 * It is a bag of options itself: `fetch(url, context)`, `lock.acquire(context)` and `{ ...context, method: 'POST' }` take
 * the signal out of it. So `signal` is the one property of its own that it has, and all else is inherited.
 */
import type { CancelScope, Work } from './cancel-scope.ts'
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

const pieces: ReadonlySet<Work['kind']> = new Set(['timeout', 'shield', 'gather'])

/** Who is told that a task is ready. */
interface Listener {
  ready(value: unknown): void
}

const SCOPE: unique symbol = Symbol('scope')
const LISTENER: unique symbol = Symbol('listener')

/** What is behind a context. Symbols, so that it does not count as options; and no private fields, which a proxy hides. */
interface Holder {
  [SCOPE]: CancelScope
  [LISTENER]: Listener | undefined
}

/**
 * Makes the signal when it is read. A getter of its own for each context would do, and takes seven times as long to
 * define, which would be an eighth of all that it takes to begin a task.
 */
const lazySignal: ProxyHandler<ScopeContext & Holder> = {
  get: (context, key) => (key === 'signal' ? context[SCOPE].signal : Reflect.get(context, key)),
}

export class ScopeContext implements TaskContext {
  /** Never what is read. It is here to be found by those who copy the properties of a context. */
  readonly signal: AbortSignal = undefined as never

  constructor(scope: CancelScope, listener?: Listener) {
    const context = this as this & Holder
    context[SCOPE] = scope
    context[LISTENER] = listener
    return new Proxy(context, lazySignal)
  }

  get name(): string {
    // What is around a piece of a task has none that would tell anything.
    let scope: CancelScope | undefined = scopeBehind(this)
    while (scope !== undefined && pieces.has(scope.work.kind)) scope = scope.parent
    return scope?.work.name ?? ''
  }

  get deadline(): number {
    return nearestDate(scopeBehind(this))
  }

  check(): void {
    const scope = scopeBehind(this)
    lookAtClock(scope)
    if (scope.reason !== undefined) throw scope.reason
  }

  ready(value?: unknown): void {
    ;(this as this & Holder)[LISTENER]?.ready(value)
  }
}

/** What `console.log` shows, on Node, Bun and Deno. */
function show(this: ScopeContext): string {
  const { name } = this
  return `TaskContext ${JSON.stringify(name)} { ${scopeBehind(this).reason === undefined ? 'running' : 'cancelled'} }`
}

void Object.defineProperty(ScopeContext.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: show })

export function scopeBehind(context: ScopeContext): CancelScope {
  return (context as ScopeContext & Holder)[SCOPE]
}

/**
 * The context in which the caller runs, undefined outside of tasks. In a browser it is known until the first `await`:
 * there it is the context that is handed on.
 */
export function taskContext(): TaskContext | undefined {
  const scope = openScope()
  return scope === undefined ? undefined : new ScopeContext(scope)
}
