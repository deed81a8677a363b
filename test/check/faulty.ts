/**
 * Small primitives over the atomics, each with a fault that can be built in: the test of the test. Without a fault they
 * are right; with one they are wrong in a way in which people have been wrong before.
 */
import { add, compareExchange, exchange, load, notify, sharedWords, store, wait } from '../../dist/memory/atomics.js'

/** Ulrich Drepper's mutex of three states (Futexes Are Tricky, 2004): free, held, held and waited for. */
export class FutexLock {
  readonly #words = sharedWords(1)
  readonly #fault: 'cas after wake' | 'forgotten notify' | 'two steps' | undefined

  constructor(fault?: 'cas after wake' | 'forgotten notify' | 'two steps') {
    this.#fault = fault
  }

  acquire(): void {
    const words = this.#words
    if (this.#fault === 'two steps') {
      while (load(words, 0) !== 0) wait(words, 0, load(words, 0), Infinity)
      store(words, 0, 2)
      return
    }
    let state = compareExchange(words, 0, 0, 1)
    if (state === 0) return
    if (state !== 2) state = exchange(words, 0, 2)
    while (state !== 0) {
      wait(words, 0, 2, Infinity)
      // Who wakes does not know whether others sleep, and must say that they may.
      state = this.#fault === 'cas after wake' ? compareExchange(words, 0, 0, 1) : exchange(words, 0, 2)
    }
  }

  release(): void {
    if (exchange(this.#words, 0, 0) === 2 && this.#fault !== 'forgotten notify') notify(this.#words, 0, 1)
  }

  with<T>(f: () => T): T {
    this.acquire()
    try {
      return f()
    } finally {
      this.release()
    }
  }
}

/** A condition variable that is a count of its notifications. */
export class SequenceCondition {
  readonly #words = sharedWords(1)
  readonly #lock: FutexLock
  readonly #fault: 'count read too late' | 'forgotten count' | undefined

  constructor(lock: FutexLock, fault?: 'count read too late' | 'forgotten count') {
    this.#lock = lock
    this.#fault = fault
  }

  wait(): void {
    let count = load(this.#words, 0)
    this.#lock.release()
    if (this.#fault === 'count read too late') count = load(this.#words, 0)
    wait(this.#words, 0, count, Infinity)
    this.#lock.acquire()
  }

  notify(): void {
    if (this.#fault !== 'forgotten count') add(this.#words, 0, 1)
    notify(this.#words, 0, 1)
  }
}

/** A semaphore that is a number. */
export class CountSemaphore {
  readonly #words = sharedWords(1)
  readonly #fault: 'forgotten notify' | 'blind decrement' | undefined

  constructor(permits: number, fault?: 'forgotten notify' | 'blind decrement') {
    store(this.#words, 0, permits)
    this.#fault = fault
  }

  acquire(): void {
    for (;;) {
      const permits = load(this.#words, 0)
      if (permits === 0) wait(this.#words, 0, 0, Infinity)
      else if (this.#fault === 'blind decrement') return void add(this.#words, 0, -1)
      else if (compareExchange(this.#words, 0, permits, permits - 1) === permits) return
    }
  }

  release(): void {
    add(this.#words, 0, 1)
    if (this.#fault !== 'forgotten notify') notify(this.#words, 0, 1)
  }
}

/** An event: set, or not. */
export class FlagEvent {
  readonly #words = sharedWords(1)
  readonly #fault: 'notify before set' | 'wakes one' | undefined

  constructor(fault?: 'notify before set' | 'wakes one') {
    this.#fault = fault
  }

  set(): void {
    if (this.#fault === 'notify before set') notify(this.#words, 0, Infinity)
    store(this.#words, 0, 1)
    if (this.#fault === undefined) notify(this.#words, 0, Infinity)
    if (this.#fault === 'wakes one') notify(this.#words, 0, 1)
  }

  wait(): void {
    while (load(this.#words, 0) === 0) wait(this.#words, 0, 0, Infinity)
  }
}

/** A barrier for one party after another: a count, and the number of the round. */
export class RoundBarrier {
  readonly #words = sharedWords(2)
  readonly #parties: number
  readonly #fault: 'round read too late' | undefined

  constructor(parties: number, fault?: 'round read too late') {
    this.#parties = parties
    this.#fault = fault
  }

  wait(): void {
    const words = this.#words
    let round = load(words, 1)
    const come = add(words, 0, 1) + 1
    if (this.#fault === 'round read too late') round = load(words, 1)
    if (come === this.#parties) {
      store(words, 0, 0)
      add(words, 1, 1)
      notify(words, 1, Infinity)
    } else while (load(words, 1) === round) wait(words, 1, round, Infinity)
  }
}

/** A queue with room for one item, over a lock and two conditions. */
export class OneItemQueue {
  readonly #words = sharedWords(2)
  readonly #lock = new FutexLock()
  readonly #notEmpty = new SequenceCondition(this.#lock)
  readonly #notFull = new SequenceCondition(this.#lock)
  readonly #fault: 'if instead of while' | 'forgotten notify' | undefined

  constructor(fault?: 'if instead of while' | 'forgotten notify') {
    this.#fault = fault
  }

  put(item: number): void {
    this.#lock.with(() => {
      this.#waitWhile(() => load(this.#words, 0) === 1, this.#notFull)
      store(this.#words, 1, item)
      store(this.#words, 0, 1)
      this.#notEmpty.notify()
    })
  }

  get(): number {
    return this.#lock.with(() => {
      this.#waitWhile(() => load(this.#words, 0) === 0, this.#notEmpty)
      store(this.#words, 0, 0)
      if (this.#fault !== 'forgotten notify') this.#notFull.notify()
      return load(this.#words, 1)
    })
  }

  #waitWhile(holds: () => boolean, condition: SequenceCondition): void {
    if (this.#fault === 'if instead of while') {
      if (holds()) condition.wait()
    } else while (holds()) condition.wait()
  }
}
