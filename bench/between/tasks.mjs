import { task } from '../../dist/index.js'

/** Sends so many messages by one end of a pipe, without waiting for each. */
export const sendMany = task(async function sendMany(end, count) {
  const sending = []
  for (let i = 0; i < count; i++) sending.push(end.send(i))
  await Promise.all(sending)
})

/** Says that it is there, receives so many, and says so. */
export const receiveMany = task(async function receiveMany(end, count) {
  await end.send(0)
  for (let i = 0; i < count; i++) await end.recv()
  await end.send(0)
})

/** Adds 1 so often, each time under the lock of the value. Returns the milliseconds that it took. */
export const countUp = task(function countUp(value, barrier, times) {
  barrier.waitSync()
  const { lock } = value
  const began = performance.now()
  for (let i = 0; i < times; i++) {
    lock.acquireSync()
    value.value += 1
    lock.release()
  }
  return performance.now() - began
})

export const putMany = task(async function putMany(queue, count) {
  const putting = []
  for (let i = 0; i < count; i++) putting.push(queue.put(i))
  await Promise.all(putting)
})

/** Takes a lock and gives it back, so often. Returns microseconds for each time, in the middle of some rounds. */
export const lockOften = task(function lockOften(lock, times) {
  const took = []
  for (let round = 0; round < 5; round++) {
    const began = performance.now()
    for (let i = 0; i < times; i++) {
      lock.acquireSync()
      lock.release()
    }
    took.push(((performance.now() - began) * 1000) / times)
  }
  return took.toSorted((a, b) => a - b)[2]
})

/** Calls a method of an object that is hosted elsewhere, so often. */
export const callOften = task(async function callOften(hosted, times) {
  const took = []
  for (let round = 0; round < 5; round++) {
    const began = performance.now()
    for (let i = 0; i < times; i++) await hosted.add(1)
    took.push(((performance.now() - began) * 1000) / times)
  }
  return took.toSorted((a, b) => a - b)[2]
})
