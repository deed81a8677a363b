/** Who sleeps on which word, in the fine model: `Atomics.wait` and `Atomics.notify`, but in a known order. */
import { Footprint } from './footprint.ts'
import type { LogicalThread, Pending, Sleep } from './logical-thread.ts'
import type { World } from './world.ts'

export class Sleepers {
  readonly #world: World
  #asleep: LogicalThread[] = []
  /** A cell for the list of those who sleep on a word, and one for each thread that sleeps. */
  readonly #lists = new Map<number, number>()
  readonly #slots: number[] = []

  constructor(world: World) {
    this.#world = world
  }

  reset(): void {
    this.#asleep = []
  }

  /** What stands for the list of those who sleep on the word. */
  cellOf(word: number): number {
    let cell = this.#lists.get(word)
    if (cell === undefined) this.#lists.set(word, (cell = this.#world.numbers.make()))
    return cell
  }

  /** Of a change of the list. */
  footprintOf(word: number, threads: readonly LogicalThread[]): Footprint {
    const footprint = new Footprint()
    footprint.addWrite(this.cellOf(word))
    for (const { number } of threads) footprint.addWrite(this.#slotOf(number))
    return footprint
  }

  /** Returns the step by which it will wake. */
  add(thread: LogicalThread, sleep: Sleep, text: string): Pending {
    this.#asleep.push(thread)
    thread.sleep = sleep
    const hasLimit = sleep.timeout !== Infinity
    const footprint = hasLimit ? this.footprintOf(sleep.cell, [thread]) : new Footprint()
    footprint.addWrite(this.#slotOf(thread.number))
    return { footprint, enabled: hasLimit, isLate: hasLimit, isFixed: true, text }
  }

  /** Calls the first `count` of those who sleep on the word. */
  notify(word: number, count: number): LogicalThread[] {
    const called = this.#asleep
      .filter(({ sleep }) => sleep!.cell === word)
      .slice(0, Math.min(count, this.#asleep.length))
    for (const { sleep, pending } of called) {
      sleep!.isCalled = true
      pending!.enabled = true
      pending!.isLate = false
    }
    this.#asleep = this.#asleep.filter(thread => !called.includes(thread))
    return called
  }

  /** It goes on: called, or as its time is up. */
  wake(thread: LogicalThread): 'ok' | 'timed-out' {
    const { isCalled, timeout } = thread.sleep!
    thread.sleep = undefined
    if (isCalled) return 'ok'
    this.#asleep = this.#asleep.filter(other => other !== thread)
    this.#world.time += timeout
    return 'timed-out'
  }

  #slotOf(thread: number): number {
    return (this.#slots[thread] ??= this.#world.numbers.make())
  }
}
