import { Mutex } from 'async-mutex'
import type { Locking } from './locking.ts'

const mutex = new Mutex()

async function wait(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await mutex.acquire()
    mutex.release()
  }
}

export const locking: Locking = { block: undefined, wait }
