/** The errors of a group: what its children and its body threw, and what is thrown of them in the end. */
import { TaskGroupError } from '../errors.ts'

export class GroupErrors {
  readonly #list: unknown[] = []
  /** A body, or a sibling, that awaits a failed child fails with the same error. It is one all the same. */
  readonly #seen = new Set<object>()
  #first: { readonly error: unknown } | undefined = undefined
  #ofBody: { readonly error: unknown } | undefined = undefined

  /** Of a child. */
  add(error: unknown): void {
    this.#first ??= { error }
    this.#append(error)
  }

  /** Of the body. It stands last, whenever it came, as in asyncio. */
  addOfBody(error: unknown): void {
    this.#first ??= { error }
    this.#ofBody = { error }
  }

  /** What is to be thrown, if there were any. `group`: the group in a sentence; `mode`: its option `errors`. */
  outcome(group: string, mode: 'group' | 'first'): { readonly error: unknown } | undefined {
    if (this.#ofBody !== undefined) this.#append(this.#ofBody.error)
    const first = this.#first
    if (first === undefined) return undefined
    if (mode === 'first') {
      suppress(first.error, this.#list)
      return first
    }
    const number = this.#list.length === 1 ? '1 error' : `${this.#list.length} errors`
    const message = `${number} in the ${group}: ${this.#list.slice(0, 3).map(String).join('; ')}`
    return { error: new TaskGroupError(this.#list, message, { cause: first.error }) }
  }

  #append(error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (this.#seen.has(error)) return
      this.#seen.add(error)
    }
    this.#list.push(error)
  }
}

/** Puts the others into `suppressed` of the first error, before what it has there, as far as that takes properties. */
export function suppress(first: unknown, all: readonly unknown[]): void {
  if (!(first instanceof Error) || !Object.isExtensible(first)) return
  const { suppressed: own } = first as { readonly suppressed?: unknown }
  const suppressed = new Set([...all, ...(Array.isArray(own) ? (own as unknown[]) : [])])
  suppressed.delete(first)
  if (suppressed.size === 0) return
  Object.defineProperty(first, 'suppressed', { value: [...suppressed], configurable: true, writable: true })
}
