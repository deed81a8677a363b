/** The functions that this worker was told, by number, each made when it is first called. */
import type { DefineMessage } from '../wire/message.ts'
import type { FunctionNode } from '../wire/function-node.ts'
import { createFunction, type Created } from '../wire/revive.ts'

export type AnyFunction = (...args: unknown[]) => unknown

export class Functions {
  readonly #made = new Map<number, Created | Promise<AnyFunction>>()
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
    if (made === undefined) return this.knows(fn) ? this.#make(fn) : this.#whenKnown(fn)
    if (made instanceof Promise) return made
    // What a module exports may have changed since the last call.
    made.refresh?.()
    return made.value as AnyFunction
  }

  #whenKnown(fn: number): Promise<AnyFunction> {
    return new Promise<void>(resolve => this.#expected.set(fn, resolve)).then(() => this.get(fn))
  }

  #make(fn: number): AnyFunction | Promise<AnyFunction> {
    const created = createFunction(this.#nodes.get(fn)!)
    if (!(created instanceof Promise)) return this.#keep(fn, created)
    const coming = created.then(
      later => this.#keep(fn, later),
      (error: unknown) => {
        // The next call tries again: what failed may have been a file that is there by then.
        this.#made.delete(fn)
        throw error
      },
    )
    this.#made.set(fn, coming)
    return coming
  }

  #keep(fn: number, created: Created): AnyFunction {
    this.#made.set(fn, created)
    return created.value as AnyFunction
  }
}
