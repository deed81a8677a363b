import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, watch } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { MessageChannel, Worker } from 'node:worker_threads'
import { CannotSendError } from '../../dist/errors.js'
import { LifoQueue } from '../../dist/queue/lifo-queue.js'
import { PriorityQueue } from '../../dist/queue/priority-queue.js'
import { Queue } from '../../dist/queue/queue.js'
import { SimpleQueue } from '../../dist/queue/simple-queue.js'
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
// As TypeScript writes a private field for an old target. Made from text, so that no runtime compiles it once more.
const Compiled = runInThisContext(`(class Compiled {
  constructor() { __classPrivateFieldSet(this, _secret, 1, "f") }
})`) as abstract new () => object
class Heir extends Secretive {}

const cases: Record<string, [value: () => unknown, reason: string, hint?: string]> = {
  'a Promise': [() => Promise.resolve(1), 'it is a Promise', 'await it first and send the value'],
  'a Proxy': [() => new Proxy({}, {}), 'it is a Proxy, whose handler cannot be copied', 'send a plain copy of it'],
  'a Proxy of an array': [
    () => new Proxy([], {}),
    'it is a Proxy, whose handler cannot be copied',
    'send a plain copy of it',
  ],
  'a Proxy of a function': [
    () => new Proxy(() => {}, {}),
    'it is a Proxy, whose handler cannot be copied',
    'send a plain copy of it',
  ],
  'a WeakMap': [() => new WeakMap(), 'it is a WeakMap, which belongs to this thread', 'send a Map'],
  'a WeakSet': [() => new WeakSet(), 'it is a WeakSet, which belongs to this thread', 'send a Set'],
  'a WeakRef': [
    () => new WeakRef({}),
    'it is a WeakRef, which belongs to this thread',
    'send what it refers to: ref.deref()',
  ],
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
  'an iterator': [
    () => new Map().keys(),
    'it is a running iterator (Map Iterator)',
    'collect its items first: [...iterator]',
  ],
  'a unique symbol': [
    () => Symbol('mine'),
    'it is a unique symbol (Symbol(mine))',
    'use Symbol.for(name), which is the same in every thread',
  ],
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
  'a MessagePort': [
    () => channel.port1,
    'it is a MessagePort, which can be moved but not copied',
    'mark it with transfer()',
  ],
  'a stream of the web': [
    () => new ReadableStream(),
    'it is a ReadableStream, which can be moved but not copied',
    'mark it with transfer()',
  ],
  'a detached ArrayBuffer': [() => detached(), 'it is a detached ArrayBuffer: it was moved to another thread before'],
  'a view of a detached ArrayBuffer': [
    () => {
      const view = new Uint8Array(8)
      structuredClone(view.buffer, { transfer: [view.buffer] })
      return view
    },
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
    () => Object.create(Compiled.prototype),
    'it is an instance of Compiled, which has #private members that cannot be copied',
    'registerClass(Compiled, { encode, decode }) says how to copy it',
  ],
  ...Object.fromEntries(
    [Queue, LifoQueue, PriorityQueue, SimpleQueue, class Jobs extends Queue<string> {}].map(Kind => [
      `a ${Kind.name}`,
      [
        () => new Kind(),
        `it is a ${Kind.name}, which belongs to this thread`,
        'use a SharedQueue, which crosses to other threads',
      ],
    ]),
  ),
  'an object made from another one': [
    () => Object.create({ greet: true }),
    'it is an object whose prototype is not that of a class',
  ],
}
const channel = new MessageChannel()
channel.port1.close()

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

for (const [name, [make, reason, hint]] of Object.entries(cases)) {
  test(`${name} is refused with its path, the reason, and the cure if there is one`, () => {
    const { path, reason: given, hint: cure, message } = refusal(make())
    assert.deepEqual({ path, reason: given, cure }, { path: PATH, reason, cure: hint })
    assert.equal(message, `cannot send ${PATH}: ${reason}${hint === undefined ? '' : `\n  hint: ${hint}`}`)
  })
}

const handles: Record<string, [open: () => object, close: (handle: never) => unknown]> = {
  Socket: [() => new Socket(), (socket: Socket) => socket.destroy()],
  Server: [() => createServer(), () => {}],
  ReadStream: [() => createReadStream(import.meta.filename), (stream: NodeJS.ReadStream) => stream.destroy()],
  ChildProcess: [() => spawn(process.execPath, ['--version'], { stdio: 'ignore' }), () => {}],
  Worker: [() => new Worker('', { eval: true }), (worker: Worker) => worker.terminate()],
  FSWatcher: [() => watch(tmpdir()), (watcher: ReturnType<typeof watch>) => watcher.close()],
}

for (const [name, [open, close]] of Object.entries(handles)) {
  test(`an open ${name} is refused as a handle of this thread`, { timeout: 20_000 }, async () => {
    const handle = open()
    try {
      const { path, reason, hint } = refusal(handle)
      assert.equal(path, PATH)
      assert.match(reason, /^it is an open \w+ \(a handle that belongs to this thread\)$/)
      assert.equal(hint, 'open it in the worker, or send the data that it yields')
    } finally {
      await close(handle as never)
    }
  })
}

test('a timer is refused', () => {
  for (const timer of [setTimeout(() => {}, 0), setImmediate(() => {}), setInterval(() => {}, 1000)]) {
    clearTimeout(timer as never)
    clearImmediate(timer as never)
    assert.match(refusal(timer).message, /it is an? (Timeout|Immediate) of this thread\n  hint: start it in the worker/)
  }
})

test('a class of the user that is called like a handle is not taken for one', () => {
  class Server {
    readonly port = 80
  }
  class Timeout {
    readonly ms = 5
  }
  assert.doesNotThrow(() => pack([new Server(), new Timeout()], 'value'))
})

test('objects of the runtime that structured clone knows are left to it, and others refused', () => {
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))
  assert.equal(pack({ list: [module], blob: new Blob(['a']), f: Math.max }, 'value').packed.root, undefined)
  for (const value of [
    new Headers(),
    new EventTarget(),
    new TextDecoder(),
    new Intl.NumberFormat(),
    Object(Symbol.iterator),
  ]) {
    assert.match(
      refusal(value).reason,
      /^it is an? [\w.]+, which (Node|Bun|Deno) [\d.]+ cannot copy to another thread$/,
    )
  }
})

test('a module namespace is refused', async () => {
  const namespace = await import('node:path')
  assert.equal(refusal(namespace).reason, 'it is a module namespace object')
})

function paths(value: unknown): string {
  try {
    pack(value, 'fn')
  } catch (error) {
    return (error as CannotSendError).path
  }
  return 'nothing'
}

test('paths name array items, odd keys, Map keys and values, Set members, and where a function captures', () => {
  const promise = Promise.resolve()
  assert.equal(paths(promise), 'fn')
  assert.equal(paths([[1, promise]]), 'fn[0][1]')
  assert.equal(paths({ 'a-b': { $c: promise } }), 'fn["a-b"].$c')
  assert.equal(paths(new Map([[{ p: promise }, 1]])), 'fn.keys()[0].p')
  assert.equal(paths(new Map([[1, [promise]]])), 'fn.get(1)[0]')
  assert.equal(paths(new Set([1, promise])), 'fn.keys()[1]')
  assert.equal(paths(new Error('e', { cause: { a: promise } })), 'fn.cause.a')
  assert.equal(paths(new AggregateError([0, new Error('e', { cause: promise })])), 'fn.errors[1].cause')
})

test('what postMessage throws becomes an error of ours', () => {
  const cause = new RangeError('Array buffer allocation failed')
  const tooLarge = cannotPost(cause, 'result')
  assert.ok(tooLarge instanceof CannotSendError)
  assert.equal(tooLarge.hint, 'move it with transfer()')
  assert.equal(tooLarge.cause, cause)
  const tooDeep = cannotPost(new RangeError('Maximum call stack size exceeded'), 'result')
  assert.equal(tooDeep.message, 'cannot send result: it is nested too deep for what is left of the stack')
  const other = cannotPost(new DOMException('#<Object> could not be cloned.', 'DataCloneError'), 'argument 1')
  assert.match(
    other.message,
    /^cannot send argument 1: it holds something that .* cannot copy .*\(#<Object> could not be cloned\.\)$/,
  )
})
