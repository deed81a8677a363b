/** How a pipe ends, seen from either side. */
import { MultitaskError } from '../errors.ts'

/** The other end of the pipe is closed, or its thread has ended, and every message that it sent was received. */
export class EndOfFileError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_END_OF_FILE', 'EndOfFileError', message, options)
  }
}

/** The other end of the pipe is closed, or its thread has ended: nobody will receive what is sent. */
export class BrokenPipeError extends MultitaskError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BROKEN_PIPE', 'BrokenPipeError', message, options)
  }
}
