/** What a parent makes of a stream that is not what it should be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteStream } from '../../dist/platform/byte-stream.js'
import { FrameWriter, HELLO } from '../../dist/wire/frame-writer.js'
import { KeyTable } from '../../dist/wire/key-table.js'
import { StreamParent } from '../../dist/wire/stream-parent.js'

const version = new TextEncoder().encode('multitask 1.0.0')

/** A stream whose other end is the test. */
function openStream(): ByteStream & { arrive(bytes: Uint8Array): void } {
  let received: ((bytes: Uint8Array) => void) | undefined
  return {
    arrive: bytes => received?.(bytes),
    listen: listener => void (received = listener),
    write: nothing,
    cork: nothing,
    uncork: nothing,
    pause: nothing,
    resume: nothing,
    ref: nothing,
    unref: nothing,
    close: nothing,
  }
}

function nothing(): void {}

/** What the parent says of a stream in which that is written. */
function failuresOf(write: (writer: FrameWriter) => void, garbage?: Uint8Array): string[] {
  const data = openStream()
  const parent = new StreamParent({ data, control: openStream(), hello: version }, new KeyTable())
  const failures: string[] = []
  parent.listen(
    () => {},
    error => void failures.push(error.message),
  )
  const writer = new FrameWriter({ write: bytes => data.arrive(bytes), cork: nothing, uncork: nothing })
  write(writer)
  writer.flush()
  if (garbage !== undefined) data.arrive(garbage)
  return failures
}

void test('a child of the same version is taken', () => {
  assert.deepEqual(
    failuresOf(writer => writer.message(version, HELLO)),
    [],
  )
})

void test('a child of another version is refused, and the sentence says what has happened', () => {
  const other = new TextEncoder().encode('multitask 1.0.1')
  const [failure] = failuresOf(writer => writer.message(other, HELLO))
  assert.match(failure!, /it runs multitask 1.0.1, and this program multitask 1.0.0: the package was replaced/)
})

void test('a child that does not say its version is refused', () => {
  const [failure] = failuresOf(writer => writer.record(new Int32Array(6), 0, 3))
  assert.match(failure!, /did not say which version/)
})

void test('garbage in the stream is refused', () => {
  const [failure] = failuresOf(writer => writer.message(version, HELLO), new Uint8Array(100).fill(0x41))
  assert.match(failure!, /no record/)
})
