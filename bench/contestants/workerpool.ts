import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'
import type { Pool } from '../contestant.ts'

export function open(threads: number): Pool {
  const file = fileURLToPath(new URL('../workers/workerpool.mjs', import.meta.url))
  const pool = workerpool.pool(file, { workerType: 'thread', minWorkers: threads, maxWorkers: threads })
  return {
    call: task => value => pool.exec(task, value === undefined ? [] : [value]),
    move: bytes => pool.exec('move', [bytes], { transfer: [(bytes as Uint8Array).buffer] }),
    map: undefined,
  }
}
