import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { types } from 'node:util'
import { CannotSendError, TimeoutError, WorkerDiedError } from '../../dist/errors.js'
import { pack } from '../../dist/wire/pack.js'
import { copy, errorOf, inWorker } from '../fixtures/codec/crossing.ts'
import { Circle, ShapeError, throwHiddenError, throwShapeError } from '../fixtures/codec/shapes.ts'

const skip = 'Bun' in globalThis || 'Deno' in globalThis ? 'needs reflection, which only Node has' : false

/** All that can be seen of an error, but for its class. */
function facts(error: Error): unknown {
  const own = Object.getOwnPropertyDescriptors(error) as Record<string, PropertyDescriptor>
  const visible = Object.keys(error).map(key => [key, own[key]!.value] as const)
  return { name: error.name, message: error.message, stack: error.stack, visible, text: String(error) }
}

test('each built-in error keeps its class, message, stack and properties, and is a true error', () => {
  for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    const error = Object.assign(new Class('what happened'), { code: 'E_WHAT', extra: { when: new Date(3) } })
    const copied = copy({ error }).error
    assert.equal(Object.getPrototypeOf(copied), Class.prototype)
    assert.ok(types.isNativeError(copied))
    assert.deepEqual(facts(copied), facts(error))
  }
})

test('message, stack and cause are not enumerable afterwards either', () => {
  assert.deepEqual(Object.keys(copy(new Error('a', { cause: 1 }))), [])
  assert.equal('cause' in copy(new Error('a')), false)
  assert.equal('cause' in copy(new Error('a', { cause: undefined })), true)
})

test('a chain of causes keeps its classes, whatever is in it', () => {
  const error = new Error('outer', { cause: new TypeError('middle', { cause: { plain: [new RangeError('inner')] } }) })
  const { cause } = copy(error)
  assert.ok(cause instanceof TypeError)
  assert.ok((cause.cause as { plain: unknown[] }).plain[0] instanceof RangeError)
  assert.equal(copy(new Error('a', { cause: 'text' })).cause, 'text')
})

test('a cause that leads back to its error closes the cycle', () => {
  const error = new Error('first')
  error.cause = new Error('second', { cause: error })
  const copied = copy(error)
  assert.equal((copied.cause as Error).cause, copied)
})

test('an AggregateError keeps its errors, each as what it is', () => {
  const copied = copy(
    new AggregateError([new TypeError('a'), 'text', undefined, new AggregateError([])], 'all', { cause: 1 }),
  )
  assert.ok(copied instanceof AggregateError)
  assert.ok(copied.errors[0] instanceof TypeError)
  assert.deepEqual(copied.errors.slice(1, 3), ['text', undefined])
  assert.ok(copied.errors[3] instanceof AggregateError)
  assert.equal(copied.cause, 1)
  assert.deepEqual(Object.keys(copied), [])
})

test(
  'a SuppressedError keeps both errors',
  { skip: typeof SuppressedError === 'undefined' && 'this runtime has none' },
  () => {
    const copied = copy(new SuppressedError(new TypeError('a'), new RangeError('b'), 'both'))
    assert.ok(copied instanceof SuppressedError)
    assert.ok(copied.error instanceof TypeError)
    assert.ok(copied.suppressed instanceof RangeError)
  },
)

test('a DOMException is one again, with its name and code', () => {
  const copied = copy({
    reason: AbortSignal.abort().reason as DOMException,
    own: new DOMException('gone', 'NotFoundError'),
  })
  assert.ok(copied.reason instanceof DOMException)
  assert.equal(copied.reason.name, 'AbortError')
  assert.equal(copied.reason.code, 20)
  assert.equal(copied.own.message, 'gone')
  assert.equal(copied.own.code, 8)
})

test('an error of the system keeps code, errno, syscall and path', () => {
  try {
    readFileSync('/there/is/no/such/file')
  } catch (error) {
    const copied = copy(error as NodeJS.ErrnoException)
    assert.ok(copied instanceof Error)
    const { code, errno, syscall, path, message, stack } = error as NodeJS.ErrnoException
    assert.equal(code, 'ENOENT')
    assert.deepEqual(
      [copied.code, copied.errno, copied.syscall, copied.path, copied.message, copied.stack],
      [code, errno, syscall, path, message, stack],
    )
  }
})

test('an error that a module of the runtime makes is an instance of the class that it extends', () => {
  try {
    Buffer.from(1 as never)
  } catch (error) {
    const copied = copy(error as TypeError & { code?: string })
    assert.ok(copied instanceof TypeError)
    assert.equal(copied.name, (error as Error).name)
    assert.equal(copied.message, (error as Error).message)
    assert.equal(copied.code, (error as { code?: string }).code)
  }
})

test('the errors of this library keep class, code and fields', () => {
  const { sent, timeout, died } = copy({
    sent: new CannotSendError('fn › a', 'it is a Promise', 'await it'),
    timeout: new TimeoutError('5 ms are up'),
    died: new WorkerDiedError('it died', { exitCode: 7, cause: new RangeError('memory') }),
  })
  assert.ok(sent instanceof CannotSendError)
  assert.deepEqual(
    [sent.code, sent.name, sent.path, sent.hint],
    ['ERR_CANNOT_SEND', 'CannotSendError', 'fn › a', 'await it'],
  )
  assert.deepEqual(Object.keys(sent).toSorted(), Object.keys(new CannotSendError('', '')).toSorted())
  assert.ok(timeout instanceof TimeoutError)
  assert.ok(died instanceof WorkerDiedError && died.exitCode === 7 && died.cause instanceof RangeError)
})

test('an error that a worker throws is an instance of the class of its module, with the stack of the worker', async () => {
  const error = await errorOf(throwShapeError, 503)
  assert.ok(error instanceof ShapeError)
  assert.equal(error.name, 'ShapeError')
  assert.equal(error.message, 'no shape: 503')
  assert.equal(error.isServerError, true)
  assert.ok(error.cause instanceof TypeError)
  assert.match(error.stack!, /shapes\.ts/)
  assert.deepEqual(Object.keys(error), ['status'])
})

test('an error of a class that cannot be had here is one of the nearest class that can, with its name', async () => {
  const error = await errorOf(throwHiddenError)
  assert.ok(error instanceof RangeError)
  assert.equal(Object.getPrototypeOf(error), RangeError.prototype)
  assert.equal(error.name, 'HiddenError')
  assert.equal(String(error), 'HiddenError: too round')
  assert.deepEqual((error as { detail?: unknown }).detail, { at: 3 })
})

test('an error of an exported class is an instance of it in the worker', { skip }, async () => {
  assert.equal(await inWorker((error: ShapeError) => error.isServerError, new ShapeError(500)), true)
})

test('a local class of errors that was sent comes home as the class that it was', async () => {
  class LocalError extends Error {
    override readonly name = 'LocalError'
    readonly retryable = true
  }
  const error = await errorOf((Class: typeof LocalError) => {
    throw new Class('from there', { cause: new Class('inside') })
  }, LocalError)
  assert.ok(error instanceof LocalError)
  assert.ok(error.cause instanceof LocalError)
  assert.equal(error.retryable, true)
  assert.equal(error.message, 'from there')
})

test('an error and its local class agree in the worker, whichever comes first', async () => {
  class LocalError extends TypeError {}
  const isOne = (error: unknown, Class: typeof LocalError): boolean =>
    error instanceof Class && error instanceof TypeError
  const isOneToo = (Class: typeof LocalError, error: unknown): boolean => error instanceof Class
  assert.equal(await inWorker(isOne, new LocalError('a'), LocalError), true)
  assert.equal(await inWorker(isOneToo, LocalError, new LocalError('b')), true)
})

test('a class of errors with #private members is left out, and nothing else', () => {
  class Sealed extends RangeError {
    #token = 'secret'
    visible = 1
    get token(): string {
      return this.#token
    }
  }
  class Heir extends Sealed {}
  for (const error of [new Sealed('closed'), new Heir('closed')]) {
    const copied = copy(error)
    assert.equal(Object.getPrototypeOf(copied), RangeError.prototype)
    assert.equal(copied.visible, 1)
    assert.equal(copied.message, 'closed')
  }
})

test('a name, message or code that a class computes is kept where the class is not', async () => {
  const error = await errorOf(() => {
    class Computed extends Error {
      readonly id = 5
      override get name(): string {
        return `Computed${this.id}`
      }
      override get message(): string {
        return `number ${this.id}`
      }
      get code(): string {
        return 'E_COMPUTED'
      }
    }
    throw new Computed()
  })
  assert.ok(error instanceof Error)
  assert.equal(error.name, 'Computed5')
  assert.equal(error.message, 'number 5')
  assert.equal((error as { code?: string }).code, 'E_COMPUTED')
})

function throwIt(thrown: unknown): never {
  throw thrown
}

test('what is thrown and no error passes as it is', async () => {
  for (const value of [undefined, null, 0, '', false, 'text', { code: 1 }]) {
    assert.deepEqual(await errorOf(throwIt, value), value)
  }
})

test('an error arrives although what hangs on it cannot be sent, and says what that was', async () => {
  const socket = new Socket()
  const loop: Record<string, unknown> = { name: 'loop' }
  loop['self'] = loop
  const error = Object.assign(new RangeError('failed', { cause: Promise.resolve() }), {
    socket,
    callback: () => 1,
    response: { status: 500, body: new ReadableStream(), headers: new Map([['a', new Date(4)]]) },
    circle: new Circle(2),
    local: new (class Local {
      readonly field = 1
    })(),
    symbol: Symbol('own'),
    loop,
    toString: () => 'shadowed',
  })
  Object.defineProperty(error, 'bad', { get: () => assert.fail('not now'), enumerable: true })
  assert.throws(() => pack(error, 'error'), CannotSendError)
  const copied = copy(error, { lenient: true })
  socket.destroy()
  assert.ok(copied instanceof RangeError)
  assert.equal(copied.message, 'failed')
  assert.equal(copied.stack, error.stack)
  assert.equal(copied.cause, '[not sent: it is a Promise]')
  assert.equal(copied.socket, '[not sent: it is an open Socket (a handle that belongs to this thread)]')
  assert.equal(copied.callback, '[not sent: it is the function callback]')
  assert.equal(copied.response.status, 500)
  assert.match(copied.response.body as unknown as string, /^\[not sent: it is a ReadableStream/)
  assert.deepEqual(copied.response.headers, new Map([['a', new Date(4)]]))
  assert.equal(copied.circle.radius, 2)
  assert.deepEqual(Object.entries(copied.local), [['field', 1]])
  assert.equal(copied.symbol, '[not sent: it is a unique symbol (Symbol(own))]')
  assert.equal(copied.loop['self'], copied.loop)
  assert.equal(Object.getOwnPropertyDescriptor(copied, 'bad')?.value, '[not sent: it is a getter that throws]')
  assert.equal(String(copied), 'RangeError: failed')
})

test('the own properties of an error are cut where they nest too deep, and the error arrives', () => {
  let deep: unknown = 'core'
  for (let i = 0; i < 5000; i++) deep = { deep }
  const error = Object.assign(new Error('failed'), { deep })
  assert.throws(() => pack(error, 'error'), /nested more than 1000 levels deep/)
  let levels = 0
  let at: unknown = copy(error, { lenient: true }).deep
  for (; typeof at === 'object'; at = (at as { deep: unknown }).deep) levels++
  assert.equal(at, '[not sent: it is nested too deep]')
  assert.equal(levels, 101)
})

test('without a reason to be lenient, what hangs on an error is refused like anything else', () => {
  assert.throws(() => pack({ e: Object.assign(new Error('a'), { p: Promise.resolve() }) }, 'argument 1'), {
    path: 'argument 1.e.p',
    hint: 'await it first and send the value',
  })
})

test('a hook for stack traces does not keep an error from crossing', () => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  try {
    Error.prepareStackTrace = (_, sites) => sites
    assert.equal(copy(new TypeError('hooked')).message, 'hooked')
  } finally {
    delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace
    if (before !== undefined) Object.defineProperty(Error, 'prepareStackTrace', before)
  }
})
