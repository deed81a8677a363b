import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { transfer, UnsupportedError } from 'multitask'
import { pack } from '../../dist/wire/pack.js'
import { isMarkedForTransfer } from '../../dist/wire/transfer.js'
import { copy, inWorker } from '../fixtures/codec/crossing.ts'

test('transfer returns the value itself', () => {
  const bytes = new Uint8Array(4)
  assert.equal(transfer(bytes), bytes)
  assert.equal(isMarkedForTransfer(bytes), true)
  assert.equal(isMarkedForTransfer(new Uint8Array(4)), false)
})

test('a marked ArrayBuffer, typed array or DataView is moved: it arrives, and is of no use here any more', async () => {
  const buffer = transfer(new ArrayBuffer(10))
  const bytes = transfer(new Uint8Array([1, 2, 3]))
  const view = transfer(new DataView(new ArrayBuffer(5)))
  const lengths = await inWorker(
    (a: ArrayBuffer, b: { bytes: Uint8Array }, c: DataView) => [a.byteLength, b.bytes[2], c.byteLength],
    buffer,
    { bytes },
    view,
  )
  assert.deepEqual(lengths, [10, 3, 5])
  assert.deepEqual([buffer.byteLength, bytes.byteLength], [0, 0])
  assert.throws(() => pack([bytes], 'argument 1'), /argument 1\[0\]: it is a detached ArrayBuffer/)
})

test('a list marks what a value holds, and nothing else', () => {
  const value = { moved: new Uint8Array(8), copied: new Uint8Array(8) }
  assert.equal(transfer(value, [value.moved]), value)
  const arrived = copy(value)
  assert.deepEqual([arrived.moved.length, arrived.copied.length], [8, 8])
  assert.deepEqual([value.moved.length, value.copied.length], [0, 8])
})

test('the list of a message moves what the message holds, and leaves the rest here', () => {
  const [held, other] = [new ArrayBuffer(3), new ArrayBuffer(3)]
  assert.equal(copy({ held }, { transfer: [held, new Uint8Array(other)] }).held.byteLength, 3)
  assert.deepEqual([held.byteLength, other.byteLength], [0, 3])
})

test('a marked view of a part moves its whole buffer, and other views of it go along', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
  const part = transfer(bytes.subarray(50, 60))
  const copied = copy({ part, start: bytes.subarray(0, 2) })
  assert.equal(copied.part[0], 50)
  assert.equal(copied.part.buffer, copied.start.buffer)
  assert.equal(copied.part.buffer.byteLength, 100)
  assert.equal(bytes.length, 0)
})

test('a Buffer from the pool is copied, and its neighbours stay what they are', () => {
  const [first, second] = [Buffer.from('first'), Buffer.from('second')]
  const pooled = Buffer.allocUnsafe(10).fill(7)
  const arrived = copy(transfer({ first, pooled }, [first, pooled]))
  assert.equal(new TextDecoder().decode(arrived.first), 'first')
  assert.deepEqual([...arrived.pooled], [...Buffer.alloc(10, 7)])
  assert.equal(second.toString(), 'second')
  assert.equal(Buffer.from('third').toString(), 'third')
})

test('a Buffer with memory of its own is moved', () => {
  const buffer = transfer(Buffer.alloc(100_000, 1))
  assert.equal(copy(buffer).length, 100_000)
  assert.equal(buffer.length, 0)
})

test('shared memory is shared with or without the mark', () => {
  const shared = transfer(new Uint8Array(new SharedArrayBuffer(4)))
  const arrived = copy({ shared }).shared
  arrived[0] = 9
  assert.equal(shared[0], 9)
})

test('a MessagePort moves and works there', async () => {
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise(resolve => port1.once('message', resolve))
  await inWorker((port: { postMessage(value: unknown): void }) => port.postMessage('from there'), transfer(port2))
  assert.equal(await answer, 'from there')
  port1.close()
})

test('a result can be moved back', async () => {
  const [length, left] = await inWorker(
    async (url: string) => {
      const { transfer: move } = (await import(url)) as { transfer: typeof transfer }
      const bytes = move(new Uint8Array(1000))
      ;(globalThis as { sent?: Uint8Array }).sent = bytes
      return [bytes, 0] as const
    },
    import.meta.resolve('multitask'),
  ).then(async ([bytes]) => [bytes.length, await inWorker(() => (globalThis as { sent?: Uint8Array }).sent!.length)])
  assert.deepEqual([length, left], [1000, 0])
})

test('a stream moves where the runtime can move streams, and is refused by name elsewhere', async () => {
  const stream = new ReadableStream<number>({
    start(controller) {
      controller.enqueue(1)
      controller.enqueue(2)
      controller.close()
    },
  })
  if ('Bun' in globalThis) {
    assert.throws(
      () => transfer(stream),
      (error: unknown) => {
        return (
          error instanceof UnsupportedError &&
          /^Bun [\d.]+ cannot move a ReadableStream to another thread$/.test(error.message)
        )
      },
    )
    return
  }
  const items = await inWorker(async (there: ReadableStream<number>) => {
    const reader = there.getReader()
    const got: unknown[] = []
    for (let next = await reader.read(); !next.done; next = await reader.read()) got.push(next.value)
    return got
  }, transfer(stream))
  assert.deepEqual(items, [1, 2])
})

test('what cannot be moved is a TypeError that says so', () => {
  assert.throws(() => transfer({ a: 1 }), {
    name: 'TypeError',
    message: 'cannot transfer an Object: it is neither an ArrayBuffer, a view, a MessagePort nor a stream',
  })
  assert.throws(() => transfer(5), { name: 'TypeError', message: 'cannot transfer 5: it is not an object' })
  assert.throws(() => transfer([], ['x']), { name: 'TypeError', message: 'cannot transfer "x": it is not an object' })
  assert.throws(() => pack(1, 'value', { transfer: [null] }), { message: 'cannot transfer null: it is not an object' })
})
