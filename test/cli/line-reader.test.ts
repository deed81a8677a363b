/** Lines come out whole, wherever the chunks of the stream were cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineReader } from '../../dist/cli/line-reader.js'

async function* bytes(text: string, size: number, read: { chunks: number }): AsyncGenerator<Uint8Array> {
  const all = new TextEncoder().encode(text)
  for (let at = 0; at < all.length; at += size) {
    read.chunks++
    yield all.subarray(at, at + size)
  }
}

async function linesOf(text: string, size: number, limit: number): Promise<string[]> {
  const reader = new LineReader(bytes(text, size, { chunks: 0 }))
  const all: string[] = []
  for (let lines = await reader.read(limit); lines.length > 0; lines = await reader.read(limit)) {
    assert.ok(lines.length <= limit)
    all.push(...lines)
  }
  return all
}

void test('wherever a stream is cut, in a letter or in a line end, its lines are the same', async () => {
  const text = '\uFEFFå\r\n\nlong line 🧵 of text\r\n€'
  for (let size = 1; size < 12; size++) {
    for (const limit of [1, 2, 100]) {
      assert.deepEqual(await linesOf(text, size, limit), ['å', '', 'long line 🧵 of text', '€'])
    }
  }
})

void test('an empty stream has no lines, and a line feed at the end begins none', async () => {
  assert.deepEqual(await linesOf('', 4, 10), [])
  assert.deepEqual(await linesOf('a\n', 4, 10), ['a'])
  assert.deepEqual(await linesOf('\n', 4, 10), [''])
})

void test('no chunk is read before its lines are asked for', async () => {
  const read = { chunks: 0 }
  const reader = new LineReader(bytes('a\nb\nc\nd\n', 4, read))
  assert.equal(read.chunks, 0)
  assert.deepEqual(await reader.read(1), ['a'])
  assert.deepEqual(await reader.read(9), ['b'])
  assert.equal(read.chunks, 1)
  assert.deepEqual(await reader.read(9), ['c', 'd'])
  assert.deepEqual(await reader.read(9), [])
})
