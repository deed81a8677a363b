/** A step of a task that is being taken: what settles while it is open is a part of it. */
import { afterMicrotasks } from '../platform/turns.ts'
import type { AsyncTask } from './async-task.ts'

export class OpenStep {
  readonly task: AsyncTask
  /** Whether all that happens follows from it, without time going on. */
  isOpen = true
  #isClosing = false

  constructor(task: AsyncTask) {
    this.task = task
  }

  /** Sees to it that its end is noticed. That costs time, and matters only where something is awaited. */
  closeSoon(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    afterMicrotasks(() => {
      this.isOpen = false
    })
  }
}
