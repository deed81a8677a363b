/** Every wait hears of the scope in which it is. Scopes are opened by those above; here is one made by hand. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Queue } from 'multitask'
import { provideScope, type Scope } from '../../dist/limits/scope.js'
import { LIMIT } from '../conformance/queue.ts'

class HandScope implements Scope {
  reason: unknown = undefined
  readonly isLimited = false
  readonly #calls = new Set<(reason: unknown) => void>()

  onCancel(f: (reason: unknown) => void): () => void {
    this.#calls.add(f)
    return () => this.#calls.delete(f)
  }

  listen(f: (reason: unknown) => void): () => void {
    return this.onCancel(f)
  }

  get watched(): number {
    return this.#calls.size
  }

  cancel(reason: unknown): void {
    this.reason = reason
    for (const call of this.#calls) call(reason)
  }
}

let scope: HandScope | undefined
provideScope(() => scope)
after(() => (scope = undefined))

test('a scope that is cancelled ends the waits in it, and nothing is lost', LIMIT, async () => {
  const queue = new Queue<number>(1)
  const own = (scope = new HandScope())
  const waits = [queue.get(), queue[Symbol.asyncIterator]().next()]
  scope = undefined
  const outside = queue.get()
  own.cancel(new Error('enough'))
  for (const wait of waits) await assert.rejects(wait, /enough/)
  await queue.put(1)
  assert.equal(await outside, 1)
  assert.equal(own.watched, 0)
})

test('a scope that is cancelled ends puts and joins that wait', LIMIT, async () => {
  const queue = new Queue<number>(1)
  await queue.put(1)
  const own = (scope = new HandScope())
  const waits = [queue.put(2), queue.join()]
  scope = undefined
  own.cancel(new Error('enough'))
  for (const wait of waits) await assert.rejects(wait, /enough/)
  assert.deepEqual([queue.size, queue.statistics().putters, queue.statistics().joiners], [1, 0, 0])
})

test('in a scope that is cancelled nothing is begun, even where nobody would have to wait', LIMIT, async () => {
  const queue = new Queue<number>()
  await queue.put(1)
  scope = new HandScope()
  const loop = queue[Symbol.asyncIterator]()
  assert.deepEqual(await loop.next(), { done: false, value: 1 })
  await queue.put(2)
  scope.cancel(new Error('enough'))
  await assert.rejects(queue.put(3), /enough/)
  await assert.rejects(queue.get(), /enough/)
  await assert.rejects(queue.join(), /enough/)
  await assert.rejects(loop.next(), /enough/)
  scope = undefined
  assert.equal(queue.size, 1)
})
