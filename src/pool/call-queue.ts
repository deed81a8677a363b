/** Calls that wait for a worker: first in, first out within each priority, higher priorities first. */
import type { WorkItem } from './work-item.ts'

export class CallQueue {
  /** Highest priority first. Nearly always there is one. */
  readonly #lines: Line[] = []
  #length = 0

  /** Calls in it, those included that were taken back and not yet dropped. */
  get length(): number {
    return this.#length
  }

  push(item: WorkItem): void {
    this.#lineOf(item.options.priority ?? 0).items.push(item)
    this.#length++
  }

  /** Puts a call back before the others of its priority: it was given out once already. */
  pushFront(item: WorkItem): void {
    const line = this.#lineOf(item.options.priority ?? 0)
    if (line.first > 0) line.items[--line.first] = item
    else line.items.unshift(item)
    this.#length++
  }

  /** The next call that still waits, which stays in the queue. */
  peek(): WorkItem | undefined {
    for (const line of this.#lines) {
      while (line.first < line.items.length) {
        const item = line.items[line.first]!
        if (item.slot >= 0) return item
        this.#drop(line)
      }
    }
    return undefined
  }

  /** Takes out what `peek` showed. */
  shift(): void {
    for (const line of this.#lines) {
      if (line.first < line.items.length) {
        this.#drop(line)
        return
      }
    }
  }

  #drop(line: Line): void {
    line.items[line.first++] = undefined!
    this.#length--
    // Moving the rest down now and then costs each call a constant; moving it each time would cost its square.
    if (line.first > 1024 && line.first * 2 > line.items.length) {
      line.items.splice(0, line.first)
      line.first = 0
    }
  }

  #lineOf(priority: number): Line {
    let at = 0
    while (at < this.#lines.length && this.#lines[at]!.priority > priority) at++
    const there = this.#lines[at]
    if (there?.priority === priority) return there
    const line: Line = { priority, items: [], first: 0 }
    this.#lines.splice(at, 0, line)
    return line
  }
}

interface Line {
  readonly priority: number
  readonly items: WorkItem[]
  /** Index of the first that is still in. */
  first: number
}
