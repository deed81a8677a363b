/** What was taken, where an attempt says by undefined that it took nothing. */
import { CannotLoadError } from '../errors.ts'

/** What cannot stand for itself: undefined, a promise for what needs an import, an item that still arrives. */
export class Taken {
  readonly content: unknown

  constructor(content: unknown) {
    this.content = content
  }
}

/** A value that was decoded. */
export function taken(value: unknown): unknown {
  return value === undefined || value instanceof Promise ? new Taken(value) : value
}

/** The value, if it is here. Throws CannotLoadError. */
export function here(value: unknown): unknown {
  if (!(value instanceof Promise)) return value
  value.catch(nothing)
  const what = 'what was received needs a module that this thread has not imported'
  throw new CannotLoadError(`${what}: import it first, or await what comes`)
}

function nothing(): void {}
