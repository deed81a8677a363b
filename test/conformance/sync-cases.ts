/** What the suites of primitives share: cases with a pool and a gate, and the bad input that every wait refuses. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ThreadPoolExecutor, waiters } from 'multitask'
import { forbidNaps } from '../../dist/memory/parking-lot.js'
import { Gate, until } from '../fixtures/gate.ts'
import { LIMIT } from './scope.ts'

/** How one implementation of a primitive differs from another. */
export interface Traits {
  /** It is in another process: others may always come and give what is waited for, and functions that it has are copies. */
  readonly elsewhere?: boolean
}

export interface Scene {
  readonly pool: ThreadPoolExecutor
  readonly gate: Gate
}

type Body = (scene: Scene) => Promise<void> | void

/** How often each case with threads is run. `MULTITASK_REPEAT=200` before a release. */
const REPEAT = Number(process.env['MULTITASK_REPEAT'] ?? 1)

/** Cases of a suite within this thread. */
export function casesAlone(suite: string) {
  return (claim: string, body: () => Promise<void> | void): void => {
    void test(`${suite}: ${claim}`, { timeout: LIMIT }, body)
  }
}

// Who is not called must not be saved by looking again.
forbidNaps(true)

let shared: ThreadPoolExecutor | undefined

after(() => shared?.shutdown())

/**
 * Cases with a pool of up to 8 workers, whose names are crew-0, crew-1 and so on. The cases of a file have it one after
 * the other, and each has to leave it as it was. `skip`: why a case cannot hold here.
 */
export function casesWithThreads(suite: string) {
  return (claim: string, body: Body, skip: string | false = false): void => {
    const options = { timeout: LIMIT * Math.ceil(REPEAT / 20), skip }
    void test(`${suite}: ${claim}`, options, async () => {
      for (let i = 0; i < REPEAT; i++) {
        const pool = (shared ??= new ThreadPoolExecutor({ maxWorkers: 8, name: 'crew' }))
        try {
          await act(pool, body)
          await until(() => pool.statistics().busy === 0)
          assert.deepEqual(waiters(), [])
        } catch (error) {
          // Something may hang in it for ever.
          shared = undefined
          void pool.shutdown({ wait: false, cancelFutures: true })
          throw error
        }
      }
    })
  }
}

/** Cases that end threads and want to know their names: each has a pool of its own. */
export function casesWithDeaths(suite: string) {
  return (claim: string, body: Body, skip: string | false = false): void => {
    const options = { timeout: LIMIT * Math.ceil(REPEAT / 20), skip }
    void test(`${suite}: ${claim}`, options, async () => {
      for (let i = 0; i < REPEAT; i++) {
        const pool = new ThreadPoolExecutor({ maxWorkers: 8, name: 'crew' })
        try {
          await act(pool, body)
        } finally {
          await pool.shutdown({ cancelFutures: true })
        }
      }
    })
  }
}

async function act(pool: ThreadPoolExecutor, body: Body): Promise<void> {
  const gate = new Gate()
  try {
    await body({ pool, gate })
  } finally {
    gate.open()
  }
}

/** Waits that are refused, whatever is waited for, with the error that says why. */
export const refusedWaits: readonly [options: unknown, error: { name: string; message: string }][] = [
  [{ timeout: -1 }, { name: 'RangeError', message: 'timeout must be 0 or more milliseconds, not -1' }],
  [{ timeout: NaN }, { name: 'RangeError', message: 'timeout must be 0 or more milliseconds, not NaN' }],
  [{ timeout: '5' }, { name: 'TypeError', message: 'timeout must be a number of milliseconds, not "5"' }],
  [{ signal: {} }, { name: 'TypeError', message: 'signal must be an AbortSignal, not an object' }],
  [{ time_out: 5 }, { name: 'TypeError', message: '"time_out" is not an option of a wait: did you mean timeout?' }],
  [5, { name: 'TypeError', message: 'the options of a wait must be an object, not 5' }],
  [null, { name: 'TypeError', message: 'the options of a wait must be an object, not null' }],
]

export const refusedBlocks: readonly [options: unknown, error: { name: string; message: string }][] = [
  [{ timeout: -1 }, { name: 'RangeError', message: 'timeout must be 0 or more milliseconds, not -1' }],
  [{ timeout: NaN }, { name: 'RangeError', message: 'timeout must be 0 or more milliseconds, not NaN' }],
  [
    { signal: new AbortController().signal },
    { name: 'TypeError', message: '"signal" is not an option of a wait that blocks: it knows timeout' },
  ],
  [5, { name: 'TypeError', message: 'the options of a wait that blocks must be an object, not 5' }],
]

let turnOf = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Says what has to go by for everything to have run that can run now. */
export function provideTurn(provided: () => Promise<void>): void {
  turnOf = provided
}

/** Lets everything run that can run now. */
export function turn(): Promise<void> {
  return turnOf()
}
