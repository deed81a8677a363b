/** The places of a group with a limit: who runs, and who waits for his turn. */
import type { Course } from './task-course.ts'

export class Places {
  #free: number
  /** Those that were cancelled meanwhile are still in it. */
  #waiting: Course[] = []
  #next = 0
  #filling = false

  constructor(limit: number) {
    this.#free = limit
  }

  /** Begins the task now, or when it is its turn. */
  admit(course: Course): void {
    this.#waiting.push(course)
    this.#fill()
  }

  /** A task that had a place is over. */
  left(): void {
    this.#free++
    this.#fill()
  }

  /** The group is cancelled: none of those that wait will run. */
  dismiss(): void {
    for (let course = this.#take(); course !== undefined; course = this.#take()) course.start()
  }

  #fill(): void {
    // A task that is over when it has begun comes back here, and a thousand of them would be as many calls deep.
    if (this.#filling) return
    this.#filling = true
    while (this.#free > 0) {
      const course = this.#take()
      if (course === undefined) break
      if (course.done) continue
      this.#free--
      course.start()
    }
    this.#filling = false
  }

  #take(): Course | undefined {
    const course = this.#waiting[this.#next]
    if (course === undefined) return undefined
    // Half of the list is cut off at once: shifting each off would take as many steps as there are tasks.
    if (++this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next)
      this.#next = 0
    }
    return course
  }
}
