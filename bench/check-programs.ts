/** What is checked in the question `checker`. Real threads find it here. */
import { Lock, Semaphore, SharedArray, SharedValue } from '../dist/index.js'
import type { BuiltTest } from '../dist/checker/index.js'

/** Ten plain steps each. */
export function counting(): BuiltTest {
  const counter = new SharedValue('i32')
  const body = (): void => {
    for (let i = 0; i < 5; i++) counter.value += 1
  }
  return { threads: [body, body] }
}

/** Six atomic steps each, of which half are in a cell of the thread's own. */
export function writing(): BuiltTest {
  const cells = new SharedArray('i32', 3)
  const body = (own: number) => (): void => {
    for (let i = 0; i < 3; i++) {
      cells.store(own, i)
      cells.add(0, 1)
    }
  }
  return { threads: [body(1), body(2)] }
}

export function locking(): BuiltTest {
  const lock = new Lock()
  const counter = new SharedValue('i32')
  const body = (): void => {
    for (let i = 0; i < 2; i++) lock.withSync(() => counter.add(1))
  }
  return { threads: [body, body] }
}

export function tasks(): BuiltTest {
  const permits = new Semaphore(2)
  const body = async (): Promise<void> => {
    for (let i = 0; i < 6; i++) (await permits.acquire()).release()
  }
  return { threads: [body, body] }
}
