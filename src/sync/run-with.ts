/** What `with` does, once it has a guard: runs a function, and lets go whatever comes of it. */
import type { Guard } from './guard.ts'

/** Runs `f` when the guard is there, and releases it when what `f` returns has settled. */
export async function runWith<T>(taking: Promise<Guard>, f: () => T | PromiseLike<T>): Promise<T> {
  const guard = await taking
  try {
    return await f()
  } finally {
    guard.release()
  }
}

export function runWithSync<T>(guard: Guard, f: () => T): T {
  try {
    return f()
  } finally {
    guard.release()
  }
}
