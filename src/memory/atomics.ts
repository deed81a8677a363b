/**
 * The atomics of shared memory behind one hook, the only place where they are called.
 *
 * Whoever wants to see or to order every access to shared memory (the interleaving checker, a GIL) attaches here and
 * nowhere else: the primitives above are the same code when they are checked and when they run. With nothing attached
 * the cost is one comparison with a module variable. (The shape is tokio's `loom` module, chosen at run time.)
 */

export type Operation =
  | 'load'
  | 'store'
  | 'exchange'
  | 'compareExchange'
  | 'add'
  | 'sub'
  | 'and'
  | 'or'
  | 'xor'
  | 'wait'
  | 'notify'
  /** Plain accesses to shared data, which order nothing: two threads that meet in one race. */
  | 'read'
  | 'write'

export interface SchedulerHook {
  /** Before an operation on `cells[index]`. The cell is known by its buffer and its place in it: it may be seen by several views. */
  before(operation: Operation, cells: TypedArray, index: number): void
  /** Around a sleep that blocks this thread. */
  blocking<T>(sleep: () => T): T
  /** A point at which a long computation may be interrupted. */
  checkpoint(): void
}

/** Every view there is on the numbers of a buffer. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** What is attached. Plain accesses to shared data compare it too, where a call for each would cost more than they do. */
export let hook: SchedulerHook | undefined

/** Attaches a hook for this thread, or takes it away. Returns the one that was attached before. */
export function attachHook(next: SchedulerHook | undefined): SchedulerHook | undefined {
  const before = hook
  hook = next
  return before
}

export function load(words: Int32Array, index: number): number {
  if (hook !== undefined) hook.before('load', words, index)
  return Atomics.load(words, index)
}

/**
 * What is, or lately was, in a word. For a look between two loads that costs nothing: a compiler may leave it out, and
 * nothing is ordered by it.
 */
export function glance(words: Int32Array, index: number): number {
  return words[index]!
}

export function store(words: Int32Array, index: number, value: number): void {
  if (hook !== undefined) hook.before('store', words, index)
  Atomics.store(words, index, value)
}

export function exchange(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) hook.before('exchange', words, index)
  return Atomics.exchange(words, index, value)
}

/** Returns the value that was there; the exchange happened if that is `expected`. */
export function compareExchange(words: Int32Array, index: number, expected: number, value: number): number {
  if (hook !== undefined) hook.before('compareExchange', words, index)
  return Atomics.compareExchange(words, index, expected, value)
}

/** Adds and returns the value that was there. */
export function add(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) hook.before('add', words, index)
  return Atomics.add(words, index, value)
}

/** Keeps the bits of `value` and returns what was there. */
export function and(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) hook.before('and', words, index)
  return Atomics.and(words, index, value)
}

/** Sets the bits of `value` and returns what was there. */
export function or(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) hook.before('or', words, index)
  return Atomics.or(words, index, value)
}

/** Wakes at most `count` sleepers on `words[index]` and returns how many there were. */
export function notify(words: Int32Array, index: number, count: number): number {
  if (hook !== undefined) hook.before('notify', words, index)
  return Atomics.notify(words, index, count)
}

/** Blocks this thread while `words[index]` is `value`, at most `timeout` ms. */
export function wait(
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
): 'ok' | 'not-equal' | 'timed-out' {
  if (hook === undefined) return Atomics.wait(words, index, value, timeout)
  hook.before('wait', words, index)
  return hook.blocking(() => Atomics.wait(words, index, value, timeout))
}

/** As `wait`, but the answer is a promise where it cannot be told at once. The promise keeps no runtime alive. */
export function waitAsync(
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
): 'not-equal' | 'timed-out' | Promise<'ok' | 'timed-out'> {
  if (hook !== undefined) hook.before('wait', words, index)
  return Atomics.waitAsync(words as Int32Array<SharedArrayBuffer>, index, value, timeout).value
}

/** Shared memory of `count` 32-bit words, all 0. */
export function sharedWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(count * 4))
}
