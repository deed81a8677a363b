/**
 * Runs a generator for a reader in another thread, no further ahead than the reader allows.
 *
 * Backpressure is by credit, as in HTTP/2: the reader grants a number of items, the generator runs until they are used
 * up and then sleeps in the middle of itself. Items made in one go travel in one record.
 */
import type { Results } from './results.ts'
import type { RunningTask } from './running-task.ts'

/** Items in one record at most, so that the first of them is not kept waiting for long. */
const MOST_ITEMS = 64

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>

/** Resolves when the generator has ended, of itself or because the reader left. Rejects with what it throws. */
export async function runStream(source: unknown, task: RunningTask, results: Results): Promise<void> {
  const iterator = iteratorOf(source)
  let wake: (() => void) | undefined
  const look = (): void => wake?.()
  task.onCredit = look
  const { signal } = task
  signal.addEventListener('abort', look)

  const items: unknown[] = []
  const flush = (): void => {
    if (items.length > 0) results.items(task, items)
    items.length = 0
  }
  let ended = false
  try {
    for (;;) {
      if (task.credits === 0 || items.length === MOST_ITEMS) flush()
      while (task.credits === 0 && !task.readerLeft && !signal.aborted)
        await new Promise<void>(resolve => (wake = resolve))
      if (task.readerLeft) return
      signal.throwIfAborted()
      let step = iterator.next()
      if (step instanceof Promise) {
        flush()
        step = await step
      }
      const { done, value } = step
      if (done === true) {
        ended = true
        break
      }
      task.credits--
      items.push(value instanceof Promise ? await value : value)
    }
    flush()
  } catch (error) {
    // What was made before the error comes before it.
    if (items.length > 0 && !task.readerLeft) flush()
    throw error
  } finally {
    signal.removeEventListener('abort', look)
    task.onCredit = undefined
    if (!ended) await iterator.return?.()
  }
}

function iteratorOf(source: unknown): AnyIterator {
  const iterable = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.()
  if (iterator === undefined)
    throw new TypeError(`stream needs a function that returns an iterable, but it returned ${String(source)}`)
  return iterator
}
