import { fileURLToPath } from 'node:url'
import { FixedThreadPool } from 'poolifier'
import type { Pool } from '../contestant.ts'

export function open(threads: number): Pool {
  const pool = new FixedThreadPool(threads, fileURLToPath(new URL('../workers/poolifier.mjs', import.meta.url)))
  return {
    call: task => value => pool.execute(value, task),
    move: undefined,
    map: undefined,
  }
}
