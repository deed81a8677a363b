import pLimit from 'p-limit'
import type { Locking } from './locking.ts'

const limit = pLimit(1)
const nothing = (): void => {}

/** It takes and gives back only around a function. */
async function wait(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await limit(nothing)
}

export const locking: Locking = { block: undefined, wait }
