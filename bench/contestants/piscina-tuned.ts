import type { Pool } from '../contestant.ts'
import { open as openPiscina } from './piscina.ts'

/** The settings of piscina with the most tasks a second that we could find. */
export function open(threads: number): Pool {
  return openPiscina(threads, { concurrentTasksPerWorker: 512, atomics: 'disabled' })
}
