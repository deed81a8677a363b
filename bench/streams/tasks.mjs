// What the ends of a queue or of a pipe do. Plain JavaScript, so that no worker has types to strip.
import { task } from '../../dist/index.js'
import { makeMessage } from './messages.mjs'

/** Puts so many. */
export const produce = task(function produce(queue, shape, count) {
  const message = makeMessage(shape)
  for (let i = 0; i < count; i++) queue.putSync(message)
})

export const produceAwaiting = task(async function produceAwaiting(queue, shape, count) {
  const message = makeMessage(shape)
  for (let i = 0; i < count; i++) await queue.put(message)
})

/** Gets so many, and returns the messages a second from the first on. */
export const consume = task(function consume(queue, count) {
  queue.getSync()
  const began = performance.now()
  for (let i = 1; i < count; i++) queue.getSync()
  return (count - 1) / ((performance.now() - began) / 1000)
})

export const consumeAwaiting = task(async function consumeAwaiting(queue, count) {
  await queue.get()
  const began = performance.now()
  for (let i = 1; i < count; i++) await queue.get()
  return (count - 1) / ((performance.now() - began) / 1000)
})

/** Sends so many, each when the one before has come back. Returns the milliseconds of a round trip. */
export const ask = task(function ask(connection, count) {
  const began = performance.now()
  for (let i = 0; i < count; i++) {
    connection.sendSync(i)
    connection.recvSync()
  }
  connection.close()
  return (performance.now() - began) / count
})

export const askAwaiting = task(async function askAwaiting(connection, count) {
  const began = performance.now()
  for (let i = 0; i < count; i++) {
    await connection.send(i)
    await connection.recv()
  }
  connection.close()
  return (performance.now() - began) / count
})

export const answer = task(function answer(connection) {
  for (const message of connection.messagesSync()) connection.sendSync(message)
})

export const answerAwaiting = task(async function answerAwaiting(connection) {
  const messages = connection[Symbol.asyncIterator]()
  for (let step = await messages.next(); step.done !== true; step = await messages.next()) {
    await connection.send(step.value)
  }
})
