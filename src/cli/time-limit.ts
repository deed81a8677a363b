/** Waiting for something that may never come. */
import { TimeoutError } from '../index.ts'

/** The outcome of `promise`; rejects with TimeoutError after `limit` ms, if there is a limit. What runs then goes on. */
export async function within<T>(promise: Promise<T>, limit: number | undefined, what: string): Promise<T> {
  if (limit === undefined) return promise
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(what)), limit)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
