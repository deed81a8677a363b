/** Who knocks at the door of a process, and what becomes of those who may not come in. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { Condition, Lock } from 'multitask'
import { openDoor } from '../../dist/host/door.js'
import { linkTo } from '../../dist/host/links.js'
import { Remote } from '../../dist/host/remote.js'
import { newSocketName } from '../../dist/platform/local-socket.js'
import { toBytes } from '../../dist/platform/serialize.js'
import { FrameWriter } from '../../dist/wire/frame-writer.js'
import { portable, type PortableDescription } from '../../dist/wire/portable.js'
import { standIn } from '../fixtures/stand-in.ts'

const LIMIT = { timeout: 30_000 }

function doorOf(thing: Lock): ReturnType<typeof openDoor> {
  return openDoor(thing, (thing as unknown as { [portable](): PortableDescription })[portable]())
}

/** Resolves when the other side has closed the stream. */
async function turnedAway(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  await once(socket, 'close')
}

async function knock(name: string, bytes: Uint8Array): Promise<void> {
  const socket = connect(name)
  await once(socket, 'connect')
  const away = turnedAway(socket)
  socket.write(bytes)
  await away
}

function framed(message: unknown): Uint8Array {
  const pieces: Uint8Array[] = []
  const writer = new FrameWriter({ write: bytes => void pieces.push(bytes.slice()), cork() {}, uncork() {} })
  writer.message(toBytes(message))
  writer.flush()
  return Buffer.concat(pieces)
}

void test('who says what is no message, or the wrong word, is turned away, and others come in', LIMIT, async () => {
  const lock = new Lock()
  const there = standIn(lock)
  await there.with(() => {})
  const { socket } = doorOf(lock).door
  await knock(socket, new Uint8Array(64).fill(7))
  await knock(socket, framed({ password: 'guess', name: 'stranger' }))
  await knock(socket, framed(null))
  assert.equal(await there.with(() => lock.locked), true)
})

void test('an agent does what is on its list, and nothing else', LIMIT, async () => {
  const { door, number } = doorOf(new Lock())
  const remote = new Remote(linkTo(door), number, 'Lock')
  for (const verb of ['constructor', 'toString', '_acquireFor', 'cells', 'valueOf']) {
    await assert.rejects(remote.ask(verb, []), { name: 'TypeError', message: `a Lock has no ${verb} for others` })
  }
})

void test('a thing that its owner does not know any more is told to be gone', LIMIT, async () => {
  const { door } = doorOf(new Lock())
  const remote = new Remote(linkTo(door), 0x7ffffff0, 'Lock')
  await assert.rejects(remote.ask('acquire', []), { name: 'InvalidStateError', message: /^it is gone/ })
})

void test('who waits for a process that goes is told, whether it awaits or blocks', LIMIT, async () => {
  const server = createServer(socket => socket.destroy())
  const socket = newSocketName()
  server.listen(socket)
  await once(server, 'listening')
  const remote = new Remote(linkTo({ socket, password: 'of nobody', process: 1 }), 1, 'Lock')
  const error = { name: 'InvalidStateError', message: 'it is out of reach: the process that owns it has ended' }
  await assert.rejects(remote.ask('acquire', []), error)
  assert.throws(() => remote.block('acquireSync', []), error)
  server.close()
})

void test('a Condition over a lock of another process has to be made there', LIMIT, () => {
  assert.throws(() => new Condition(standIn(new Lock())), {
    name: 'UnsupportedError',
    message: 'the lock is in another process: make the Condition there, and send that',
  })
})
