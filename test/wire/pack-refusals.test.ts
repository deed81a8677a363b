import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, watch } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import * as timers from 'node:timers'
import { MessageChannel, Worker } from 'node:worker_threads'
import { CannotSendError } from '../../dist/errors.js'
import { cannotPost, pack } from '../../dist/wire/pack.js'

/** What `pack` has against a value that is deep in another one. */
function refusal(value: unknown): CannotSendError {
  try {
    pack({ state: new Map([['conns', [0, { 'the one': value }]]]) }, 'argument 1')
  } catch (error) {
    if (error instanceof CannotSendError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const PATH = 'argument 1.state.get("conns")[1]["the one"]'

class Secretive {
  #secret = 1
  open(): number {
    return this.#secret
  }
}
class Compiled {
  constructor() {
    // As TypeScript writes a private field for an old target.
    this.set()
  }
  set(): void {
    const __classPrivateFieldSet = (_object: unknown, _value: unknown): void => {}
    __classPrivateFieldSet(this, 1)
  }
}
class Heir extends Secretive {}

const cases: Record<string, [value: () => unknown, reason: string, hint?: string]> = {
  'a Promise': [() => Promise.resolve(1), 'it is a Promise', 'await it first and send the value'],
  'a Proxy': [() => new Proxy({}, {}), 'it is a Proxy, whose handler cannot be copied', 'send a plain copy of it'],
  'a Proxy of an array': [() => new Proxy([], {}), 'it is a Proxy, whose handler cannot be copied', 'send a plain copy of it'],
  'a Proxy of a function': [() => new Proxy(() => {}, {}), 'it is a Proxy, whose handler cannot be copied', 'send a plain copy of it'],
  'a WeakMap': [() => new WeakMap(), 'it is a WeakMap, which belongs to this thread', 'send a Map'],
  'a WeakSet': [() => new WeakSet(), 'it is a WeakSet, which belongs to this thread', 'send a Set'],
  'a WeakRef': [() => new WeakRef({}), 'it is a WeakRef, which belongs to this thread', 'send what it refers to: ref.deref()'],
  'a running generator': [
    () => (function* () {})(),
    'it is a running generator, whose stack cannot be copied',
    'send the generator function and call it there, or collect the items first',
  ],
  'a running async generator': [
    () => (async function* () {})(),
    'it is a running generator, whose stack cannot be copied',
    'send the generator function and call it there, or collect the items first',
  ],
  'an iterator': [() => new Map().keys(), 'it is a running iterator (Map Iterator)', 'collect its items first: [...iterator]'],
  'a unique symbol': [
    () => Symbol('mine'),
    'it is a unique symbol (Symbol(mine))',
    'use Symbol.for(name), which is the same in every thread',
  ],
  'a boxed symbol': [() => Object(Symbol.iterator), 'it is a boxed symbol'],
  'an AbortSignal': [
    () => new AbortController().signal,
    'it is an AbortSignal, which belongs to this thread',
    'use with({ signal }) and, in the task, currentTask().signal',
  ],
  'an AbortController': [
    () => new AbortController(),
    'it is an AbortController, which belongs to this thread',
    'use with({ signal }) and, in the task, currentTask().signal',
  ],
  'a MessagePort': [() => channel.port1, 'it is a MessagePort, which can be moved but not copied', 'mark it with transfer()'],
  'a stream of the web': [
    () => new ReadableStream(),
    'it is a ReadableStream, which can be moved but not copied',
    'mark it with transfer()',
  ],
  'a detached ArrayBuffer': [() => detached(), 'it is a detached ArrayBuffer: it was moved to another thread before'],
  'a view of a detached ArrayBuffer': [
    () => new DataView(detached(1)),
    'it is a detached ArrayBuffer: it was moved to another thread before',
  ],
  'an instance with #private fields': [
    () => new Secretive(),
    'it is an instance of Secretive, which has #private members that cannot be copied',
    'registerClass(Secretive, { encode, decode }) says how to copy it',
  ],
  'an instance whose base class has #private fields': [
    () => new Heir(),
    'it is an instance of Heir, and Secretive has #private members that cannot be copied',
    'registerClass(Heir, { encode, decode }) says how to copy it',
  ],
  'an instance whose #private fields were compiled away': [
    () => new Compiled(),
    'it is an instance of Compiled, which has #private members that cannot be copied',
    'registerClass(Compiled, { encode, decode }) says how to copy it',
  ],
  'an object made from another one': [
    () => Object.create({ greet: true }),
    'it is an object whose prototype is not that of a class',
  ],
}
const channel = new MessageChannel()
channel.port1.close()

function detached(step = 0): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  // A view of a detached buffer cannot be made afterwards.
  const holder = step === 0 ? buffer : new DataView(buffer)
  structuredClone(buffer, { transfer: [buffer] })
  return holder as ArrayBuffer
}
