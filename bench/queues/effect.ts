import { Effect, Queue } from 'effect'
import { type Company, line, type Passing } from './passing.ts'

function alternate(items: number): Promise<void> {
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(1)
      for (let item = 0; item < items; item++) {
        yield* Queue.offer(queue, item)
        yield* Queue.take(queue)
      }
    }),
  )
}

function pass(items: number, company: Company): Promise<void> {
  const { tasks, room } = company
  return Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(room)
      const put = Effect.gen(function* () {
        for (let item = 0; item < items; item += tasks) yield* Queue.offer(queue, item)
      })
      const take = Effect.gen(function* () {
        for (let item = 0; item < items; item += tasks) yield* Queue.take(queue)
      })
      const both = line(
        company,
        () => put,
        () => take,
      )
      yield* Effect.all(both, { concurrency: 'unbounded' })
    }),
  )
}

export const queue: Passing = { alternate, pass }
