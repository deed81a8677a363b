/** What a hook does that performs an operation here and now: the same as is done without a hook. */
import type { Bits, Operation, TypedArray } from './atomics.ts'

/** Performs the operation and returns what it comes to. See SchedulerHook. */
export function performNow(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
  // As different as views are, Atomics takes the numbers that they hold. What is read or written may be a float.
  const words = cells as Int32Array
  const first = a as number
  switch (operation) {
    case 'read':
      return words[index]!
    case 'write':
      words[index] = first
      return 0
    case 'load':
      return Atomics.load(words, index)
    case 'store':
      return Atomics.store(words, index, first)
    case 'exchange':
      return Atomics.exchange(words, index, first)
    case 'compareExchange':
    case 'tryExchange':
      return Atomics.compareExchange(words, index, first, b as number)
    case 'add':
      return Atomics.add(words, index, first)
    case 'sub':
      return Atomics.sub(words, index, first)
    case 'and':
      return Atomics.and(words, index, first)
    case 'or':
      return Atomics.or(words, index, first)
    case 'xor':
      return Atomics.xor(words, index, first)
    default:
      return Atomics.notify(words, index, first)
  }
}
