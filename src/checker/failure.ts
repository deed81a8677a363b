/** What can be wrong with a schedule. */
export type FailureKind =
  /** A thread, or the check at the end, has thrown. */
  | 'error'
  /** Threads wait, and nobody is left who could give them what they wait for. */
  | 'deadlock'
  /** It goes on and on. */
  | 'livelock'
  /** Two plain accesses to one cell, one of them a write, that nothing orders. */
  | 'race'
  /** The program did something else when it was run again. */
  | 'nondeterminism'

export interface Failure {
  readonly kind: FailureKind
  readonly message: string
  /** What was thrown, if something was. */
  readonly error?: unknown
}

/** Thrown inside of the checker where a schedule cannot go on. */
export class CourseFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export function failureOf(error: unknown, where: string): Failure {
  if (error instanceof CourseFailure) return error.failure
  const message = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
  return { kind: 'error', message: `${where}: ${message}`, error }
}
