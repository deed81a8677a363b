import { Pool as ThreadPool, spawn, Transfer, Worker } from 'threads'
import type { Pool } from '../contestant.ts'

export function open(threads: number): Pool {
  const pool = ThreadPool(() => spawn(new Worker('../workers/threads.mjs')), { size: threads })
  return {
    call: task => value => pool.queue(thread => thread[task]!(value)),
    move: bytes => pool.queue(thread => thread.move!(Transfer(bytes, [(bytes as Uint8Array).buffer]))),
    map: undefined,
  }
}
