/** Those who wait for results of a map: each for one, somebody for all, somebody for the end. */

interface Reader<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

type Step = IteratorResult<unknown, undefined>

export class MapReaders {
  /** Whether somebody has said that he wants no more. */
  left = false
  #single: Reader<Step>[] = []
  #collector: Reader<unknown[]> | undefined = undefined
  #leavers: Reader<void>[] = []
  /** The error that ended the map, until somebody has got it. */
  #failure: { readonly error: unknown } | undefined = undefined

  /** Whether nobody waits for anything but the end. */
  get idle(): boolean {
    return this.#single.length === 0 && this.#collector === undefined
  }

  /** Whether somebody waits for one result. */
  get waiting(): boolean {
    return this.#single.length > 0
  }

  add(): Promise<Step> {
    return new Promise((resolve, reject) => this.#single.push({ resolve, reject }))
  }

  collect(): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.#collector = { resolve, reject }
    })
  }

  leave(): Promise<void> {
    this.left = true
    return new Promise((resolve, reject) => this.#leavers.push({ resolve, reject }))
  }

  give(value: unknown): void {
    this.#single.shift()?.resolve({ done: false, value })
  }

  /** The map is over, with this error if there is one. */
  end(failure: { readonly error: unknown } | undefined): void {
    this.#failure = failure
  }

  /** Answers all who wait: the error to the first of them, to the others that nothing is left. */
  finish(rest: () => unknown[]): void {
    const single = this.#single
    this.#single = []
    for (const reader of single) this.#settle(reader, { done: true, value: undefined })
    const collector = this.#collector
    this.#collector = undefined
    if (collector !== undefined) this.#settle(collector, this.left ? [] : rest())
    const leavers = this.#leavers
    this.#leavers = []
    for (const leaver of leavers) this.#settle(leaver, undefined)
  }

  #settle<T>(reader: Reader<T>, value: T): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure === undefined) reader.resolve(value)
    else reader.reject(failure.error as Error)
  }
}
