import { type SharedArray, type SharedQueue, task } from 'multitask'

/** Squares what the queue brings until it is shut down. Returns how many that were. */
export const squareItems = task(function squareItems(queue: SharedQueue<number>, squares: SharedArray<'f64'>): number {
  let count = 0
  for (const n of queue.itemsSync()) {
    squares.set(n, n * n)
    count++
  }
  return count
})
