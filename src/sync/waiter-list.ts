/** Tasks of one thread that wait for one thing, in the order in which they asked. Each can leave at any time, at no cost. */

export interface Waiter {
  /** Takes what is wanted, or returns undefined. */
  readonly attempt: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (reason: unknown) => void
  /** Takes back the alarm and the signal. */
  settle: () => void
  /* The neighbours in the list. */
  next: Waiter | undefined
  previous: Waiter | undefined
}

export function makeWaiter<T>(
  attempt: () => T | undefined,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): Waiter {
  return { attempt, resolve, reject, settle: nothing, next: undefined, previous: undefined }
}

/** The time of a waiter is up. */
export function settleLate(waiter: Waiter, late: (timeout: number) => unknown, timeout: number): void {
  try {
    waiter.resolve(late(timeout) as never)
  } catch (error) {
    waiter.reject(error)
  }
}

export class WaiterList {
  first: Waiter | undefined = undefined
  length = 0
  #last: Waiter | undefined = undefined

  append(waiter: Waiter): void {
    waiter.previous = this.#last
    if (this.#last === undefined) this.first = waiter
    else this.#last.next = waiter
    this.#last = waiter
    this.length++
  }

  remove(waiter: Waiter): void {
    if (waiter.previous === undefined) this.first = waiter.next
    else waiter.previous.next = waiter.next
    if (waiter.next === undefined) this.#last = waiter.previous
    else waiter.next.previous = waiter.previous
    this.length--
  }
}

function nothing(): void {}
