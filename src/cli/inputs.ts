/** Where inputs come from: one contract for arguments, lists and standard input. */
import type { LineReader } from './line-reader.ts'

export interface Input {
  /** The input as it was given: a text, or with `--ndjson` the JSON of a value. */
  readonly text: string
  /** The number of its line in the file that it came from, 0 for an argument. */
  readonly line: number
}

export interface InputSource {
  /**
   * Up to `limit` inputs: those that are there, or else the next that come. None at the end.
   * Not to be called again before it has resolved. Rejects if they cannot be read.
   */
  read(limit: number): Promise<readonly Input[]>
  /** How many there are in all. Undefined where nobody can tell before they have been read. */
  count(): Promise<number | undefined>
  /** Lets go of what is behind it. */
  close(): void
}

/** Inputs that are known from the start. */
export class ListedInputs implements InputSource {
  readonly #texts: readonly string[]
  #next = 0

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  read(limit: number): Promise<readonly Input[]> {
    const texts = this.#texts.slice(this.#next, this.#next + limit)
    this.#next += texts.length
    return Promise.resolve(texts.map(text => ({ text, line: 0 })))
  }

  count(): Promise<number> {
    return Promise.resolve(this.#texts.length)
  }

  close(): void {}
}

export interface LineInputsOptions {
  readonly lines: LineReader
  /** Empty lines are no inputs, in lists of paths and in NDJSON. Of plain text they are. */
  readonly skipEmpty: boolean
  readonly count: () => Promise<number | undefined>
  readonly close: () => void
}

/** Inputs that stand one a line in a file or a stream. */
export class LineInputs implements InputSource {
  readonly #options: LineInputsOptions
  #line = 0

  constructor(options: LineInputsOptions) {
    this.#options = options
  }

  async read(limit: number): Promise<readonly Input[]> {
    for (;;) {
      const lines = await this.#options.lines.read(limit)
      if (lines.length === 0) return []
      const inputs = lines.map(text => ({ text, line: ++this.#line }))
      const wanted = this.#options.skipEmpty ? inputs.filter(({ text }) => text.trim() !== '') : inputs
      if (wanted.length > 0) return wanted
    }
  }

  count(): Promise<number | undefined> {
    return this.#options.count()
  }

  close(): void {
    this.#options.close()
  }
}

/** One source after the other. */
export class JoinedInputs implements InputSource {
  readonly #sources: readonly InputSource[]
  #current = 0

  constructor(sources: readonly InputSource[]) {
    this.#sources = sources
  }

  async read(limit: number): Promise<readonly Input[]> {
    for (; this.#current < this.#sources.length; this.#current++) {
      const inputs = await this.#sources[this.#current]!.read(limit)
      if (inputs.length > 0) return inputs
    }
    return []
  }

  async count(): Promise<number | undefined> {
    let sum = 0
    for (const source of this.#sources) {
      const count = await source.count()
      if (count === undefined) return undefined
      sum += count
    }
    return sum
  }

  close(): void {
    for (const source of this.#sources) source.close()
  }
}
