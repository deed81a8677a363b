import { Lock } from '../../dist/index.js'
import type { Locking } from './locking.ts'

const lock = new Lock()

function block(times: number): void {
  for (let i = 0; i < times; i++) {
    lock.acquireSync()
    lock.release()
  }
}

async function wait(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await lock.acquire()
    lock.release()
  }
}

export const locking: Locking = { block, wait }
