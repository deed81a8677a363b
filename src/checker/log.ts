/** What a thread has done so far, operation by operation with its results: run again, it is given the same ones. */
import { CourseFailure } from './failure.ts'

export interface LogEntries {
  readonly operations: readonly string[]
  readonly indexes: readonly number[]
  readonly results: readonly unknown[]
}

export class Log {
  readonly #operations: string[] = []
  readonly #indexes: number[] = []
  readonly #results: unknown[] = []
  readonly #name: string
  position = 0

  /** `name`: of the thread. */
  constructor(name: string) {
    this.#name = name
  }

  get length(): number {
    return this.#operations.length
  }

  /** Whether all of it has been done again: what comes is new. */
  get isAtEnd(): boolean {
    return this.position === this.#operations.length
  }

  add(operation: string, index: number, result: unknown): void {
    this.#operations.push(operation)
    this.#indexes.push(index)
    this.#results.push(result)
    this.position = this.#operations.length
  }

  /** The result of the next operation, which must be the same as the first time. */
  next(operation: string, index: number): unknown {
    const at = this.position++
    if (this.#operations[at] === operation && this.#indexes[at] === index) return this.#results[at]
    const then = this.#operations[at] ?? 'nothing'
    throw new CourseFailure({
      kind: 'nondeterminism',
      message:
        `${this.#name} did something else when it was run again (${then} the first time, now ${operation}): ` +
        'it may depend on nothing but what it shares, not on time, chance, or variables outside',
    })
  }

  /** Puts something in the place of a result. */
  amend(at: number, result: unknown): void {
    this.#results[at] = result
  }

  /** What another thread can make the same log from. */
  get entries(): LogEntries {
    return { operations: this.#operations, indexes: this.#indexes, results: this.#results }
  }

  /** Takes over what the log of another thread has told. */
  learn({ operations, indexes, results }: LogEntries): void {
    operations.forEach((operation, at) => this.add(operation, indexes[at]!, results[at]))
  }

  /** Forgets what came after the first `length` operations. */
  cut(length: number): void {
    this.#operations.length = length
    this.#indexes.length = length
    this.#results.length = length
  }
}
