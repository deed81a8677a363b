/** The inputs of a map: one iterable, plain or asynchronous, of which one item is read at a time. */

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>

export class MapSource<T> {
  /** Whether items come without waiting. */
  readonly synchronous: boolean
  /** Whether there is nothing more to read. */
  ended = false
  /** Whether somebody waits for an item. There is one at a time: few iterators bear more. */
  reading = false
  readonly #iterable: Iterable<T> | AsyncIterable<T>
  readonly #iterator: AnyIterator<T>
  /** Lets go of who waits for an item of an iterator that is closed. */
  #letGo: () => void = nothing

  /** Throws what the iterable throws. */
  constructor(iterable: Iterable<T> | AsyncIterable<T>) {
    this.#iterable = iterable
    // As `for await`: what can be read both ways is read the asynchronous way.
    const isAsync = Symbol.asyncIterator in Object(iterable)
    this.synchronous = !isAsync
    this.#iterator = isAsync
      ? (iterable as AsyncIterable<T>)[Symbol.asyncIterator]()
      : (iterable as Iterable<T>)[Symbol.iterator]()
  }

  /** The next item, of a synchronous source. Throws what the iterator throws, which ends it. */
  read(): IteratorResult<T> {
    try {
      const step = (this.#iterator as Iterator<T>).next()
      if (step.done === true) this.ended = true
      return step
    } catch (error) {
      this.ended = true
      throw error
    }
  }

  /** The next item, of an asynchronous one. Rejects with what the iterator throws, which ends it. */
  async wait(): Promise<IteratorResult<T>> {
    this.reading = true
    try {
      const step = await new Promise<IteratorResult<T>>((resolve, reject) => {
        this.#letGo = () => resolve({ done: true, value: undefined })
        ;(this.#iterator as AsyncIterator<T>).next().then(resolve, reject)
      })
      if (step.done === true) this.ended = true
      return step
    } catch (error) {
      this.ended = true
      throw error
    } finally {
      this.reading = false
    }
  }

  /**
   * Reads no more and closes the iterator, as a loop does that is left. Rejects with what the closing throws. A generator
   * that is about to give an item is closed when it has given it, so a stream of the runtime is torn down at once.
   */
  async close(): Promise<void> {
    if (this.ended) return
    this.ended = true
    if (this.reading) {
      const { destroy } = this.#iterable as { readonly destroy?: unknown }
      if (typeof destroy === 'function') {
        // It fails the read, which is no news.
        this.#letGo()
        destroy.call(this.#iterable)
      }
    }
    await this.#iterator.return?.()
    this.#letGo()
  }
}

function nothing(): void {}
