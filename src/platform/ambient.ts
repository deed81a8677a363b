/**
 * A value that follows a call through its awaits, where the runtime can do that.
 *
 * Node, Bun and Deno have AsyncLocalStorage; no browser has anything like it. There the value is seen until the first
 * `await` of the call, and not after it. The storage is made on first use: on Node before 24 it slows every promise.
 */

interface Storage<T> {
  run<R>(value: T, f: () => R): R
  getStore(): T | undefined
}

export interface Ambient<T> {
  /** Calls `f`; inside of it, and of what it awaits, `get()` returns `value`. */
  run<R>(value: T, f: () => R): R
  get(): T | undefined
}

export function makeAmbient<T>(): Ambient<T> {
  let storage: Storage<T> | undefined
  return {
    run: (value, f) => (storage ??= asyncStorage<T>() ?? new UntilAwait<T>()).run(value, f),
    get: () => storage?.getStore(),
  }
}

/** What the runtime offers, asked for in the one way that does not fail to load in a browser. */
function asyncStorage<T>(): Storage<T> | undefined {
  const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> }).process
  const module = host?.getBuiltinModule?.('node:async_hooks')
  return module === undefined ? undefined : new module.AsyncLocalStorage<T>()
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
