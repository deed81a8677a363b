/**
 * The inputs of a map: iterables and async iterables, read in step as Python's `zip` does, no further than asked.
 *
 * They end with the shortest. As in Python the iterables before it have then been read one item further; those that
 * are not at their end are closed, so that a generator's `finally` runs.
 */
import { describe } from '../options/describe.ts'

/** One array for each iterable, all of one length. */
export type Columns = readonly (readonly unknown[])[]

type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>
type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>

export class Inputs {
  /** Whether rows can be read without waiting: all of the inputs are plain iterables. */
  readonly synchronous: boolean
  readonly #iterators: readonly AnyIterator[]
  /** The only input, if it is an array, and how far it has been read. */
  readonly #array: readonly unknown[] | undefined
  #position = 0
  #ended = false
  #reading = false
  #failure: { readonly error: unknown } | undefined = undefined

  /** Throws TypeError for what cannot be iterated. */
  constructor(iterables: readonly AnyIterable[]) {
    if (iterables.length === 0) throw new TypeError('map needs at least one iterable')
    for (const iterable of iterables) checkIterable(iterable)
    this.synchronous = !iterables.some(isAsync)
    const [first] = iterables
    this.#array = iterables.length === 1 && isPlainArray(first) ? first : undefined
    this.#iterators = iterables.map(each => (isAsync(each) ? each[Symbol.asyncIterator]() : each[Symbol.iterator]()))
  }

  /** How many rows are left, as far as can be told; Infinity if it cannot. */
  get left(): number {
    return this.#array === undefined ? Infinity : Math.max(0, this.#array.length - this.#position)
  }

  /** Whether there is nothing more to read. */
  get ended(): boolean {
    return this.#ended
  }

  /** The error that an iterable threw, which ended them all. It comes after what was read before it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Reads up to `limit` rows. Fewer only at the end, after which there are none. */
  read(limit: number): Columns {
    if (this.#ended) return [[]]
    if (this.#array !== undefined) return [this.#readArray(this.#array, limit)]
    const iterators = this.#iterators as readonly Iterator<unknown>[]
    const [only] = iterators
    return iterators.length === 1 && only !== undefined
      ? [this.#readOne(only, limit)]
      : this.#readRows(iterators, limit)
  }

  /** Reads one row, undefined at the end. Not to be called again before it has resolved. Never rejects. */
  async readRow(): Promise<unknown[] | undefined> {
    const row: unknown[] = []
    this.#reading = true
    try {
      for (const iterator of this.#iterators) {
        const step = await iterator.next()
        // Somebody may have closed the inputs while this waited.
        if (this.#ended) return undefined
        if (step.done === true) {
          await Promise.all(this.#except(iterator).map(async other => other.return?.()))
          this.#ended = true
          return undefined
        }
        row.push(step.value)
      }
    } catch (error) {
      this.#fail(error)
      return undefined
    } finally {
      this.#reading = false
    }
    return row
  }

  /**
   * Ends the reading and closes the iterators. Rejects with what closing them throws.
   * An iterator that is about to give an item is told, but not waited for: it may never give it.
   */
  async close(): Promise<void> {
    if (this.#ended) return
    const reading = this.#reading
    this.#ended = true
    const closing = Promise.all(this.#iterators.map(async iterator => iterator.return?.()))
    if (reading) closing.catch(ignore)
    else await closing
  }

  /** To read item by item takes 15 to 50 ns for each, which is more than a tiny call; to copy a part takes 2. */
  #readArray(array: readonly unknown[], limit: number): unknown[] {
    const column = array.slice(this.#position, this.#position + limit)
    this.#position += column.length
    if (column.length < limit) this.#ended = true
    return column
  }

  #readOne(iterator: Iterator<unknown>, limit: number): unknown[] {
    // An array of the right size from the start: growing it item by item would take as long as the reading.
    const column: unknown[] = []
    column.length = limit
    let row = 0
    try {
      for (; row < limit; row++) {
        const step = iterator.next()
        if (step.done === true) {
          this.#ended = true
          break
        }
        column[row] = step.value
      }
    } catch (error) {
      this.#fail(error)
    }
    column.length = row
    return column
  }

  #readRows(iterators: readonly Iterator<unknown>[], limit: number): Columns {
    const columns: unknown[][] = iterators.map(() => [])
    try {
      for (let row = 0; row < limit && !this.#ended; row++) this.#readRow(iterators, columns)
    } catch (error) {
      this.#fail(error)
    }
    return this.#ended ? even(columns) : columns
  }

  #readRow(iterators: readonly Iterator<unknown>[], columns: readonly unknown[][]): void {
    for (const [index, iterator] of iterators.entries()) {
      const step = iterator.next()
      if (step.done === true) {
        for (const other of this.#except(iterator)) void other.return?.()
        this.#ended = true
        return
      }
      columns[index]?.push(step.value)
    }
  }

  /** The iterators that are not at their end when `ended` is. */
  #except(ended: AnyIterator): readonly AnyIterator[] {
    return this.#iterators.filter(each => each !== ended)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = { error }
    // The one that threw is closed already, and takes no harm from being told again.
    for (const iterator of this.#iterators) closeQuietly(iterator)
  }
}

function isAsync(iterable: AnyIterable): iterable is AsyncIterable<unknown> {
  return Symbol.asyncIterator in Object(iterable)
}

/** An array whose iterator gives its items one after the other, as all do that nobody has changed. */
function isPlainArray(iterable: unknown): iterable is readonly unknown[] {
  return (
    Array.isArray(iterable) && iterable[Symbol.iterator] === Array.prototype.values && iterable.constructor === Array
  )
}

function checkIterable(iterable: AnyIterable): void {
  if (Symbol.asyncIterator in Object(iterable) || Symbol.iterator in Object(iterable)) return
  throw new TypeError(`map needs iterables, but ${describe(iterable)} cannot be iterated`)
}

/** The last row may have reached only some of the columns. */
function even(columns: unknown[][]): Columns {
  const length = Math.min(...columns.map(column => column.length))
  for (const column of columns) column.length = length
  return columns
}

/** As a `for` loop that ends by a throw: what the closing throws has no one left to go to. */
function closeQuietly(iterator: AnyIterator): void {
  try {
    const closing = iterator.return?.()
    if (closing instanceof Promise) closing.catch(ignore)
  } catch {
    // See above.
  }
}

function ignore(): void {}
