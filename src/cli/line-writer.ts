/**
 * Writes lines to a file or to standard output, whole ones only: each write is made of whole lines and goes on until
 * all of it is written.
 *
 * By file descriptor, not by `process.stdout`: that one blocks this thread on some runtimes when nobody reads, and a
 * blocked thread hears no Ctrl-C.
 */
import { closeSync, write } from 'node:fs'
import { codeOf } from './system-error.ts'

/** Characters that may wait to be written before the producer should wait too. */
const HIGH_WATER = 1 << 20
/** How long to wait, in ms, for the reader of a pipe that is full and does not block. */
const FULL_PIPE = 5

/** What has to be done around a write, such as hiding what else is on the terminal. */
export interface Surroundings {
  before(): Promise<void>
  after(): void
}

export class LineWriter {
  readonly #fd: number
  readonly #failed: (error: unknown) => void
  #surroundings: Surroundings | undefined
  #waiting: string[] = []
  /** Characters in `#waiting`. */
  #length = 0
  #flushing: Promise<void> | undefined
  #error: unknown

  /** `failed`: called once, with the error of the write that failed. What comes after it is dropped. */
  constructor(fd: number, failed: (error: unknown) => void) {
    this.#fd = fd
    this.#failed = failed
  }

  surround(surroundings: Surroundings | undefined): void {
    this.#surroundings = surroundings
  }

  /** Takes whole lines. */
  write(lines: string): void {
    if (this.#error !== undefined || lines === '') return
    this.#waiting.push(lines)
    this.#length += lines.length
    this.#flushing ??= this.#flush()
  }

  /** Resolves when there is room for more lines. Never rejects. */
  async room(): Promise<void> {
    while (this.#length > HIGH_WATER && this.#error === undefined) await this.#flushing
  }

  /** Resolves when all lines are written, or a write has failed. */
  async end(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing
    if (this.#fd > 2) closeSync(this.#fd)
  }

  async #flush(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#surroundings?.before()
        const lines = this.#waiting
        this.#waiting = []
        this.#length = 0
        await this.#writeAll(Buffer.from(lines.join('')))
        this.#surroundings?.after()
      }
    } catch (error) {
      this.#error = error
      this.#waiting = []
      this.#failed(error)
    } finally {
      this.#flushing = undefined
    }
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await writeSome(this.#fd, bytes.subarray(at))
  }
}

/** Writes as much as there is room for. */
function writeSome(fd: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, null, (error, written) => {
      if (error === null || error === undefined) resolve(written)
      else if (codeOf(error) === 'EAGAIN') setTimeout(resolve, FULL_PIPE, 0)
      else reject(error)
    })
  })
}
