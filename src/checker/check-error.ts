import { MultitaskError } from '../errors.ts'
import type { FailureKind } from './failure.ts'
import type { TakenStep } from './course.ts'

/** A schedule, as it is told of one that failed. */
export interface FailedSchedule {
  readonly kind: FailureKind
  /** What is wrong, in one line. */
  readonly reason: string
  /** Pass it to `check` as `replay` to run this schedule again. */
  readonly replay: string
  /** How many schedules had been tried when it was found, itself included. */
  readonly found: number
  /** How often the processor goes from one thread to another. */
  readonly switches: number
  readonly threads: readonly string[]
  readonly steps: readonly TakenStep[]
}

/** `check` has found a schedule with which the test fails. Its message draws it; `cause` is what was thrown. */
export class CheckError extends MultitaskError {
  readonly schedule: FailedSchedule

  constructor(message: string, schedule: FailedSchedule, options?: ErrorOptions) {
    super('ERR_CHECK', 'CheckError', message, options)
    this.schedule = schedule
  }
}
