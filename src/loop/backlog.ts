/** Backlog: what waits for its turn. Higher priority first, and first come, first served among equals. */

/** What can wait. Taking something out of the middle only marks it, and it is passed over when its turn comes. */
export interface Waiting {
  waits: boolean
}

interface Line<T> {
  readonly priority: number
  readonly items: T[]
  /** Where the items begin; those before are gone. */
  first: number
}

export class Backlog<T extends Waiting> {
  /** Highest priority first. Programs use few, so finding one is cheap. */
  readonly #lines: Line<T>[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(item: T, priority: number): void {
    let index = 0
    while ((this.#lines[index]?.priority ?? -Infinity) > priority) index++
    let line = this.#lines[index]
    if (line?.priority !== priority) {
      line = { priority, items: [], first: 0 }
      this.#lines.splice(index, 0, line)
    }
    line.items.push(item)
    item.waits = true
    this.#size++
  }

  /** Takes the next; undefined if there is none. */
  take(): T | undefined {
    for (const line of this.#lines) {
      while (line.first < line.items.length) {
        const item = line.items[line.first++]
        if (item?.waits !== true) continue
        this.delete(item)
        trim(line)
        return item
      }
      trim(line)
    }
    return undefined
  }

  /** Takes all of them. */
  takeAll(): T[] {
    const all: T[] = []
    for (let item = this.take(); item !== undefined; item = this.take()) all.push(item)
    return all
  }

  /** Takes this one, if it is there. */
  delete(item: T): void {
    if (!item.waits) return
    item.waits = false
    this.#size--
  }
}

/** Removing each item from the front would move all others each time; removing half of them does so once a half. */
function trim<T>(line: Line<T>): void {
  if (line.first * 2 < line.items.length) return
  line.items.splice(0, line.first)
  line.first = 0
}
