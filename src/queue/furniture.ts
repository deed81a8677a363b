/** What queues of one thread have by symbols, which a declaration file cannot name: their look, and why they stay. */
import { addPrimitive } from '../memory/primitives.ts'
import { ownThread } from '../wire/refusals.ts'

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Gives a class both. In its static block, where its private fields can be read. */
export function furnish<T>(type: { readonly prototype: T }, look: (queue: T) => string): void {
  function inspectMethod(this: T): string {
    return look(this)
  }
  addPrimitive({ type: 'Queue', prototype: type.prototype as object, memoryOf: undefined })
  Object.defineProperty(type.prototype, inspect, { value: inspectMethod })
  Object.defineProperty(type.prototype, ownThread, { value: 'use a SharedQueue, which crosses to other threads' })
}
