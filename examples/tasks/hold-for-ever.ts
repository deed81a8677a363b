import type { Lock } from 'multitask'

/** Takes the lock, and never gives it back. */
export async function holdForEver(lock: Lock): Promise<never> {
  await lock.acquire()
  return new Promise(() => {})
}
