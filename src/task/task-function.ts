/** What tasks are made of is a function, and why it is no promise. */
import { describe, isThenable } from '../options/describe.ts'

/** Throws TypeError for anything but a function. `taker`: who takes it, for the sentence. */
export function checkFunction(fn: unknown, taker: string): void {
  if (typeof fn === 'function') return
  const why = isThenable(fn)
    ? ': what runs already can neither be cancelled nor owned; pass a function that begins it'
    : ''
  throw new TypeError(`${taker} takes a function, not ${describe(fn)}${why}`)
}
