/** What things are called in a report: by the name that they were given, by the name under which setup returned them. */
import { notedMemory, primitives } from '../memory/primitives.ts'
import type { Call } from './operations.ts'

export class Names {
  readonly #keys = new WeakMap<object, string>()
  readonly #buffers = new Map<ArrayBufferLike, { readonly name: string; readonly type: string }>()

  /** Learns the names of what setup has made. */
  learn(shared: unknown): void {
    if (Object(shared) !== shared) return
    for (const [key, value] of Object.entries(shared as Record<string, unknown>)) {
      if (Object(value) !== value) continue
      this.#keys.set(value as object, key)
      const primitive = primitives().find(({ prototype }) =>
        Object.prototype.isPrototypeOf.call(prototype, value as object),
      )
      const memory = primitive?.memoryOf?.(value as object)
      if (memory !== undefined)
        this.#buffers.set(memory, { name: this.ofHandle(value as object, primitive!.type), type: primitive!.type })
    }
  }

  ofHandle(handle: object, type: string): string {
    const { name } = handle as { name?: unknown }
    if (typeof name === 'string' && name !== '') return name
    return this.#keys.get(handle) ?? inner(type)
  }

  /** What gives back what was taken is called as that. */
  learnResult({ handle, primitive }: Call, result: unknown): void {
    if (Object(result) === result) this.#keys.set(result as object, this.ofHandle(handle, primitive.type))
  }

  /** Of an operation: `lock.acquire` for `acquireSync`, as it is the checker that decides who waits. */
  ofCall({ primitive, handle, name }: Call): string {
    return `${this.ofHandle(handle, primitive.type)}.${name.replace(/^_(acquire)For$|Sync$/, '$1')}`
  }

  /** The name of a cell, as in `counter.value` or `cells[3]`. */
  ofCell(buffer: ArrayBufferLike, index: number): string {
    const noted = notedMemory(buffer)
    const known = this.#buffers.get(buffer) ?? noted
    if (known === undefined) return `memory[${index}]`
    const name =
      noted !== undefined && noted.name !== '' ? noted.name : known.name === '' ? inner(known.type) : known.name
    return known.type === 'SharedValue' ? `${name}.value` : `${name}[${index}]`
  }
}

/** `rLock` for something that has no name but its class. */
function inner(type: string): string {
  return type[0]!.toLowerCase() + type.slice(1)
}
