import { Condition, Lock, SharedValue } from 'multitask'

/** A word to sleep on, as the kernel of Linux has it: the look at the word and the falling asleep are one. */
export class Futex {
  readonly word: SharedValue<'i32'>
  readonly #sleepers: Condition

  constructor(name: string) {
    this.word = new SharedValue('i32', 0, { name })
    this.#sleepers = new Condition(new Lock({ name: `${name}.kernel` }), { name: `${name}.sleepers` })
  }

  /** Sleeps until somebody calls `wake`, if the word is still `value`. */
  wait(value: number): void {
    this.#sleepers.withSync(() => {
      if (this.word.load() === value) this.#sleepers.waitSync()
    })
  }

  /** Wakes one of those who sleep. */
  wake(): void {
    this.#sleepers.withSync(() => this.#sleepers.notify())
  }
}
