/** Items on their way from one that makes them to one that reads them, a limited number at a time. */

const DONE = { done: true, value: undefined } as const

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void
  readonly reject: (error: unknown) => void
}

export class StreamBuffer<T> {
  readonly #limit: number
  #items: T[] = []
  #readers: Reader<T>[] = []
  #end: { readonly failed: boolean; readonly error: unknown } | undefined = undefined
  #wakeMaker: () => void = () => {}

  constructor(limit: number) {
    this.#limit = limit
  }

  push(item: T): void {
    if (this.#end !== undefined) return
    const reader = this.#readers.shift()
    if (reader === undefined) this.#items.push(item)
    else reader.resolve({ done: false, value: item })
  }

  /** Resolves when there is room for another item, or by `wakeMaker()`. */
  async room(): Promise<void> {
    if (this.#items.length < this.#limit || this.#end !== undefined) return
    await new Promise<void>(resolve => (this.#wakeMaker = resolve))
  }

  wakeMaker(): void {
    this.#wakeMaker()
  }

  /** Nothing more comes. The reader gets what there is, and then the end. */
  end(): void {
    this.#finish({ failed: false, error: undefined })
  }

  /** Nothing more comes. The reader gets what there is, and then the error. */
  fail(error: unknown): void {
    this.#finish({ failed: true, error })
  }

  /** The reader leaves: what there is is dropped. */
  close(): void {
    this.#items = []
    this.end()
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#items.length > 0) {
      const value = this.#items.shift() as T
      this.#wakeMaker()
      return Promise.resolve({ done: false, value })
    }
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      if (this.#end !== undefined) this.#serveEnd()
    })
  }

  #finish(end: { readonly failed: boolean; readonly error: unknown }): void {
    this.#end ??= end
    this.#wakeMaker()
    this.#serveEnd()
  }

  /** The error goes to one reader; for the others, and later ones, the stream is at its end. */
  #serveEnd(): void {
    for (const reader of this.#readers.splice(0)) {
      const { failed = false, error } = this.#end ?? {}
      this.#end = { failed: false, error: undefined }
      if (failed) reader.reject(error)
      else reader.resolve(DONE)
    }
  }
}
