/** Collects garbage now, where the runtime lets us. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pause } from './timing.ts'

export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('globalThis.gc') as (() => void) | undefined
  // Finalizers run between collections, and free more.
  for (let i = 0; i < 3; i++) {
    collect?.()
    await pause(10)
  }
}
