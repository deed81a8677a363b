/**
 * ThreadLocal: one name, a value for each thread, as Python's `threading.local`.
 *
 * The variables of a module are a thread's own already, as each thread imports it for itself. This is for what is handed
 * around: the same ThreadLocal, sent to a thread, means that thread's value there.
 */
import { describe } from '../options/describe.ts'
import { Handles, type SharedState } from '../sync/handles.ts'

const handles = new Handles<ThreadLocal<unknown>>(
  'ThreadLocal',
  (state, init) => new ThreadLocal(init as (() => unknown) | undefined, state),
)

/**
 * Those that have a value here and are known in other threads. They may come again when nobody here holds them any more,
 * and then have to bring their value.
 */
const kept = new Set<ThreadLocal<unknown>>()

/** A value for each thread. Tasks of one thread share it; what belongs to a task goes into an AsyncLocalStorage. */
export class ThreadLocal<T> {
  static {
    handles.furnish(ThreadLocal, {
      send(local) {
        local.#shared = true
        local.#keep()
        return { number: local.#state.number, words: local.#state.words, extra: local.#init }
      },
      look: local => `ThreadLocal { ${local.#held === undefined ? 'no value here' : describe(local.#held.value)} }`,
    })
  }

  readonly #state: SharedState
  readonly #init: (() => T) | undefined
  #shared: boolean
  #held: { readonly value: T } | undefined = undefined

  /**
   * `init` makes the value of each thread when it is first read there. It crosses with the ThreadLocal, so it has to be a
   * function that can. Without it the value is undefined until it is set. Throws TypeError if it is no function.
   */
  constructor(init?: () => T)
  /** @internal */
  constructor(init: (() => T) | undefined, state: SharedState)
  constructor(init?: () => T, state: SharedState = handles.make(0)) {
    if (init !== undefined && typeof init !== 'function') {
      throw new TypeError(`a ThreadLocal takes a function that makes its value, not ${describe(init)}`)
    }
    this.#init = init
    this.#state = state
    this.#shared = state.shared
  }

  /** The value of this thread. Reading it throws what `init` throws, which is then asked again the next time. */
  get value(): T {
    if (this.#held !== undefined) return this.#held.value
    // Without `init`, T is what the user says it is; undefined stands for a value that was not set.
    return this.#init === undefined ? (undefined as T) : this.#hold(this.#init())
  }

  set value(value: T) {
    this.#hold(value)
  }

  /** Takes this thread's value away, so that `init` makes a new one when it is read. Returns whether there was one. */
  delete(): boolean {
    const had = this.#held !== undefined
    this.#held = undefined
    kept.delete(this)
    return had
  }

  #hold(value: T): T {
    this.#held = { value }
    this.#keep()
    return value
  }

  #keep(): void {
    if (this.#shared && this.#held !== undefined) kept.add(this)
  }
}
