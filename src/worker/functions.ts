/** The functions that this worker was told, by number, each made when it is first called. */
import type { DefineMessage } from '../wire/message.ts'
import type { FunctionNode } from '../wire/function.ts'
import { createFunction } from '../wire/revive.ts'

export type AnyFunction = (...args: unknown[]) => unknown

export class Functions {
  readonly #made = new Map<number, AnyFunction | Promise<AnyFunction>>()
  readonly #nodes = new Map<number, FunctionNode>()

  readonly #expected = new Map<number, () => void>()

  define(message: DefineMessage): void {
    this.#nodes.set(message.fn, message.node)
    this.#expected.get(message.fn)?.()
    this.#expected.delete(message.fn)
  }

  knows(fn: number): boolean {
    return this.#nodes.has(fn)
  }

  /**
   * The function, or a promise while its module is imported or its definition is on its way. Throws or rejects with
   * CannotLoadError.
   */
  get(fn: number): AnyFunction | Promise<AnyFunction> {
    const made = this.#made.get(fn)
    if (made !== undefined) return made
    if (this.knows(fn)) return this.#make(fn)
    return new Promise<void>(resolve => this.#expected.set(fn, resolve)).then(() => this.get(fn))
  }

  #make(fn: number): AnyFunction | Promise<AnyFunction> {
    const created = createFunction(this.#nodes.get(fn)!)
    if (!(created instanceof Promise)) {
      this.#made.set(fn, created.value as AnyFunction)
      return created.value as AnyFunction
    }
    const coming = created.then(
      ({ value }) => {
        this.#made.set(fn, value as AnyFunction)
        return value as AnyFunction
      },
      (error: unknown) => {
        // The next call tries again: what failed may have been a file that is there by then.
        this.#made.delete(fn)
        throw error
      },
    )
    this.#made.set(fn, coming)
    return coming
  }
}
