/**
 * A value that follows a call through its awaits, where the runtime can do that.
 *
 * Node, Bun and Deno have AsyncLocalStorage; no browser has anything like it. There the value is seen until the first
 * `await` of the call, and not after it. The storage is made on first use: on Node before 24 it slows every promise.
 */
import type { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { runtime } from './runtime.ts'

interface Host {
  readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule' | 'versions'>>
}

interface Storage<T> {
  run<R>(value: T, f: () => R): R
  getStore(): T | undefined
}

export interface Ambient<T> {
  /** Calls `f`; inside of it, and of what it awaits, `get()` returns `value`. */
  run<R>(value: T, f: () => R): R
  get(): T | undefined
}

/** Whether to follow calls slows nothing else. Node before 24 then looks at each promise. */
export const followsCheaply: boolean =
  runtime !== 'node' || Number.parseInt((globalThis as Host).process?.versions?.node ?? '24') >= 24

export function makeAmbient<T>(): Ambient<T> {
  let storage: Storage<T> | undefined
  return {
    run: (value, f) => (storage ??= asyncStorage<T>() ?? new UntilAwait<T>()).run(value, f),
    get: () => storage?.getStore(),
  }
}

/** What the runtime offers, asked for in the one way that does not fail to load in a browser. */
function asyncStorage<T>(): Storage<T> | undefined {
  const host = (globalThis as Host).process
  const hooks = host?.getBuiltinModule?.('node:async_hooks')
  if (hooks === undefined) return undefined
  return 'Deno' in globalThis ? new hooks.AsyncLocalStorage<T>() : new InResource<T>(hooks)
}

/**
 * A value in a resource of its own, instead of the storage's `run`. That brings back after the call all that was there
 * before it, also what others have changed by `enterWith` (Node before 24, and Bun, let that out). And Node from 24 on
 * keeps all values in one map, which `run` copies twice, there and back, and this once. Deno does without: its `run` does
 * the former, and its resources are slow.
 */
class InResource<T> implements Storage<T> {
  readonly #storage: AsyncLocalStorage<T>
  readonly #resource: typeof AsyncResource

  constructor(hooks: Hooks) {
    this.#storage = new hooks.AsyncLocalStorage()
    this.#resource = hooks.AsyncResource
  }

  run<R>(value: T, f: () => R): R {
    return new this.#resource('multitask').runInAsyncScope(() => {
      this.#storage.enterWith(value)
      return f()
    })
  }

  getStore(): T | undefined {
    return this.#storage.getStore()
  }
}

interface Hooks {
  readonly AsyncLocalStorage: new <T>() => AsyncLocalStorage<T>
  readonly AsyncResource: typeof AsyncResource
}

class UntilAwait<T> implements Storage<T> {
  #value: T | undefined = undefined

  run<R>(value: T, f: () => R): R {
    const outer = this.#value
    this.#value = value
    try {
      return f()
    } finally {
      this.#value = outer
    }
  }

  getStore(): T | undefined {
    return this.#value
  }
}
