// What two threads do to find out how a lock is when both want it. Plain JavaScript, so that no worker has types to strip.
import { task } from '../../dist/index.js'
import { lock as lockFutex, unlock as unlockFutex } from './futex.mjs'

/** The words that the threads share. */
export const COUNTER = 1
const ARRIVED = 2

/** Waits for the others, without sleeping, so that all begin at once. */
function meet(words, threads) {
  Atomics.add(words, ARRIVED, 1)
  while (Atomics.load(words, ARRIVED) < threads);
}

/** Returns the milliseconds that it took. */
export const withLock = task(function withLock(lock, words, threads, times) {
  meet(words, threads)
  const began = performance.now()
  for (let i = 0; i < times; i++) {
    lock.acquireSync()
    words[COUNTER]++
    lock.release()
  }
  return performance.now() - began
})

/** The same with a bare futex, which is word 0. */
export const withFutex = task(function withFutex(words, threads, times) {
  meet(words, threads)
  const began = performance.now()
  for (let i = 0; i < times; i++) {
    lockFutex(words)
    words[COUNTER]++
    unlockFutex(words)
  }
  return performance.now() - began
})
