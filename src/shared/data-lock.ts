/**
 * The lock that goes with shared data: its own, or one that it was given.
 *
 * Its own lies in the first words of the memory of the data, under the number of the data. So there is one for all
 * threads although each makes its object only when it is asked for, and it costs nothing to those who never ask.
 */
import { InvalidStateError } from '../errors.ts'
import type { Rule } from '../options/option-rules.ts'
import { describe } from '../options/describe.ts'
import { sendWords } from '../memory/neighbour-words.ts'
import type { SharedState } from '../sync/handles.ts'
import { Lock } from '../sync/lock.ts'
import { LOCK_WORDS } from '../sync/owner-word.ts'
import { RLock } from '../sync/rlock.ts'
import { revivePortable } from '../wire/portable.ts'

/** The words before the data: the lock's, rounded up to 64 bytes, so that cells of every size are aligned behind them. */
export const HEAD_WORDS: number = Math.ceil(LOCK_WORDS / 16) * 16

/** What can guard shared data. */
export type DataLock = Lock | RLock

/** The option: whether there is a lock, or which. */
export type LockOption = boolean | DataLock

export const lockOption: Rule = (value, name) => {
  if (typeof value === 'boolean' || value instanceof Lock || value instanceof RLock) return
  throw new TypeError(`${name} must be true, false, a Lock or an RLock, not ${describe(value)}`)
}

/** The lock of data with that state. `label`: what the data is, for the sentence if it was made without. */
export function lockFor(
  option: LockOption | undefined,
  { number, words }: SharedState,
  name: string,
  label: string,
): DataLock {
  if (option === false) throw new InvalidStateError(`the ${label} was made without a lock`)
  if (option !== undefined && option !== true) return option
  // Made as if it had come from another thread: this thread may have it from there already.
  return revivePortable({ type: 'Lock', data: { number, words: sendWords(words), extra: name } }) as Lock
}
