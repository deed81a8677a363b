/**
 * The atomics of shared memory behind one hook, the only place where they are called.
 *
 * Whoever wants to see or to order every access to shared memory (the interleaving checker, a GIL) attaches here and
 * nowhere else: the primitives above are the same code when they are checked and when they run. The hook does not look on
 * while an operation happens, it performs it: so it may also put it off, or return what it returned another time. With
 * nothing attached the cost is one comparison with a module variable. (The shape is tokio's `loom` module, chosen at run
 * time.)
 */

export type Operation =
  | 'load'
  | 'store'
  | 'exchange'
  | 'compareExchange'
  /** A compareExchange that may fail although the expected value is there, as on processors of the ARM kind. */
  | 'tryExchange'
  | 'add'
  | 'sub'
  | 'and'
  | 'or'
  | 'xor'
  | 'notify'
  /** Plain accesses to shared data, which order nothing: two threads that meet in one race. */
  | 'read'
  | 'write'

/** What is in a cell: a bigint for cells of 8 bytes, else a number. */
export type Bits = number | bigint

export interface SchedulerHook {
  /** Whether it plays several threads in this one, so that whatever is made is for several. */
  readonly plays: boolean
  /**
   * Performs an operation on `cells[index]` and returns what it comes to. The cell is known by its buffer and its place
   * in it: it may be seen by several views. `a` and `b`: what it is given, in the order of its function here.
   */
  perform(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits
  /** Blocks this thread while `words[index]` is `value`, at most `timeout` ms. */
  wait(words: Int32Array, index: number, value: number, timeout: number): 'ok' | 'not-equal' | 'timed-out'
  /** Shared memory of so many bytes, all 0. */
  allocate(bytes: number): SharedArrayBuffer
  /**
   * An operation of a primitive begins to wait for what it wants. `counts`: what it has seen so far counts, as that an
   * event was not set then. Otherwise it may as well have come later.
   */
  beginWait(counts: boolean): void
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
  if (hook !== undefined) return hook.perform('load', words, index) as number
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
  if (hook !== undefined) hook.perform('store', words, index, value)
  else Atomics.store(words, index, value)
}

export function exchange(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) return hook.perform('exchange', words, index, value) as number
  return Atomics.exchange(words, index, value)
}

/** Returns the value that was there; the exchange happened if that is `expected`. */
export function compareExchange(words: Int32Array, index: number, expected: number, value: number): number {
  if (hook !== undefined) return hook.perform('compareExchange', words, index, expected, value) as number
  return Atomics.compareExchange(words, index, expected, value)
}

/**
 * As `compareExchange`, for a fast path behind which there is a sure one: it may fail for no reason, and what it returns
 * then is not `expected`, but need not be what is there.
 */
export function tryExchange(words: Int32Array, index: number, expected: number, value: number): number {
  if (hook !== undefined) return hook.perform('tryExchange', words, index, expected, value) as number
  return Atomics.compareExchange(words, index, expected, value)
}

/** Adds and returns the value that was there. */
export function add(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) return hook.perform('add', words, index, value) as number
  return Atomics.add(words, index, value)
}

/** Keeps the bits of `value` and returns what was there. */
export function and(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) return hook.perform('and', words, index, value) as number
  return Atomics.and(words, index, value)
}

/** Sets the bits of `value` and returns what was there. */
export function or(words: Int32Array, index: number, value: number): number {
  if (hook !== undefined) return hook.perform('or', words, index, value) as number
  return Atomics.or(words, index, value)
}

/** Wakes at most `count` sleepers on `words[index]` and returns how many there were. */
export function notify(words: Int32Array, index: number, count: number): number {
  if (hook !== undefined) return hook.perform('notify', words, index, count) as number
  return Atomics.notify(words, index, count)
}

/** Blocks this thread while `words[index]` is `value`, at most `timeout` ms. */
export function wait(
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
): 'ok' | 'not-equal' | 'timed-out' {
  if (hook !== undefined) return hook.wait(words, index, value, timeout)
  return Atomics.wait(words, index, value, timeout)
}

/** As `wait`, but the answer is a promise where it cannot be told at once. The promise keeps no runtime alive. */
export function waitAsync(
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
): 'not-equal' | 'timed-out' | Promise<'ok' | 'timed-out'> {
  return Atomics.waitAsync(words as Int32Array<SharedArrayBuffer>, index, value, timeout).value
}

/** Says that an operation of a primitive begins to wait. See SchedulerHook. */
export function beginWait(counts: boolean): void {
  if (hook !== undefined) hook.beginWait(counts)
}

/** Whether somebody plays several threads in this one. Then whatever is made may be for all of them. */
export function isScheduled(): boolean {
  return hook !== undefined && hook.plays
}

/** Shared memory of `count` 32-bit words, all 0. */
export function sharedWords(count: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(hook === undefined ? newBuffer(count * 4) : hook.allocate(count * 4))
}

/** Shared memory of so many bytes, all 0, whatever is attached. */
export function newBuffer(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes)
}
