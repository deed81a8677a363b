/**
 * Who holds the event loop, in debug mode.
 *
 * To be told of every callback (by `async_hooks`) would slow down all of the program, and only Node could do it. So time is
 * measured between the places where this library has a hand in: a task begins, waits, is woken, ends, or asks for anything.
 * A heartbeat marks the time in which nothing runs. If there was no mark for long, something held the loop; if the mark
 * that ends it comes from code of a task, that task has been running since the mark before it.
 *
 * What it cannot tell: whose callback it was, if that neither began nor ended in a place of this library. Then it says which
 * task was seen last, and no more.
 */
import { warn } from '../platform/warning.ts'
import { type CancelScope, labelOf } from './cancel-scope.ts'
import { siteOf } from './debug-seam.ts'

/** Milliseconds that a callback may hold the loop, as in asyncio. */
const LIMIT = 100
const HEARTBEAT = 20

export class LoopWatch {
  /** The last moment that is known; none before the loop has turned. */
  #mark = Infinity
  #last: CancelScope | undefined = undefined
  readonly #heart: ReturnType<typeof setInterval>

  constructor() {
    this.#heart = setInterval(() => this.resumes(), HEARTBEAT)
    // In a browser it is a number, and there is nothing that it could keep alive.
    ;(this.#heart as { unref?: () => void }).unref?.()
  }

  end(): void {
    clearInterval(this.#heart)
  }

  /** Code of the scope runs now; undefined for code of none. */
  runs(scope: CancelScope | undefined): void {
    const task = taskOf(scope)
    const held = this.#sinceMark()
    if (task !== undefined) this.#last = task
    if (held <= LIMIT) return
    if (task === undefined) this.#tellUnknown(held)
    else warn(`the ${labelOf(task.work)} held the event loop for ${Math.round(held)} ms${begun(task)}`)
  }

  /** Nothing that is known runs now. */
  resumes(): void {
    const held = this.#sinceMark()
    if (held > LIMIT) this.#tellUnknown(held)
  }

  #sinceMark(): number {
    const now = performance.now()
    const held = now - this.#mark
    this.#mark = now
    return held
  }

  #tellUnknown(held: number): void {
    const last = this.#last === undefined ? '' : `; the last that was seen is the ${labelOf(this.#last.work)}`
    warn(`the event loop was held for ${Math.round(held)} ms, by whom is not known${last}`)
  }
}

function taskOf(scope: CancelScope | undefined): CancelScope | undefined {
  let each = scope
  while (each !== undefined && each.work.kind !== 'task') each = each.parent
  return each
}

function begun(scope: CancelScope): string {
  const site = siteOf(scope)
  return site === undefined || site === '' ? '' : `; it was begun\n${site}`
}
