import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CannotLoadError, CannotSendError, registerClass } from 'multitask'
import { pack } from '../../dist/wire/pack.js'
import { unpack } from '../../dist/wire/unpack.js'
import { copy, errorOf, inWorker } from '../fixtures/codec/crossing.ts'
import { Money, passMoney, sumOf, Temperature } from '../fixtures/codec/registered.ts'

test('an instance of a registered class crosses by what its class encodes', async () => {
  const euros = new Money(5n, 'EUR')
  const copied = copy({ euros, again: [euros] })
  assert.ok(copied.euros instanceof Money)
  assert.equal(copied.euros, copied.again[0])
  assert.equal(copied.euros.cents, 5n)
  const sum = await inWorker(sumOf, [euros, new Money(7n, 'EUR')])
  assert.ok(sum instanceof Money)
  assert.equal(sum.cents, 12n)
})

test('a registered class without encode crosses by its own properties, on every runtime', async () => {
  const there = await inWorker(passMoney, { hot: new Temperature(30) })
  assert.ok((there as { hot: Temperature }).hot instanceof Temperature)
  assert.equal((there as { hot: Temperature }).hot.fahrenheit, 86)
})

test('what encode returns may hold anything that can be sent, the instances of other classes too', () => {
  class Account {
    readonly #balance: Money
    readonly owner: { name: string }
    constructor(balance: Money, owner: { name: string }) {
      this.#balance = balance
      this.owner = owner
    }
    get balance(): Money {
      return this.#balance
    }
  }
  registerClass(Account, {
    encode: ({ balance, owner }): [Money, { name: string }] => [balance, owner],
    decode: ([balance, owner]) => new Account(balance, owner),
  })
  const owner = { name: 'me', accounts: [] as unknown[] }
  const account = new Account(new Money(1n, 'EUR'), owner)
  const copied = copy({ account, owner })
  assert.ok(copied.account.balance instanceof Money)
  assert.equal(copied.account.owner, copied.owner)
})

test('an instance that is part of what it is encoded as is refused', () => {
  class Ring {
    next: Ring = this
  }
  registerClass(Ring, { encode: ({ next }) => ({ next }), decode: ({ next }) => Object.assign(new Ring(), { next }) })
  assert.throws(() => pack([new Ring()], 'argument 1'), {
    name: 'CannotSendError',
    message: 'cannot send argument 1[0].next: it is a part of what it is itself made from',
  })
})

test('what encode cannot do is refused with the path, and its error as the cause', () => {
  class Moody {
    readonly mood = 'bad'
  }
  registerClass(Moody, {
    encode: () => {
      throw new RangeError('not today')
    },
    decode: () => new Moody(),
  })
  assert.throws(
    () => pack({ it: new Moody() }, 'argument 1'),
    (error: unknown) =>
      error instanceof CannotSendError && error.path === 'argument 1.it' && error.cause instanceof RangeError,
  )
})

test('the worker says what to do if it has no class of the name', async () => {
  class OnlyHere {
    readonly n = 1
  }
  registerClass(OnlyHere, { name: 'only-here' })
  const error = await errorOf((value: unknown) => value, new OnlyHere())
  assert.ok(error instanceof CannotLoadError)
  assert.equal(
    error.message,
    'no class is registered as "only-here" in this thread; ' +
      'call registerClass at the top level of a module that is imported here too',
  )
})

test('the same if the instance is all that was sent', () => {
  const specials = [{ kind: 'encoded', name: 'nobody', data: 1 }] as const
  assert.throws(() => unpack({ value: undefined, root: 0, specials, fixups: [] }), CannotLoadError)
})

test('a registered class of errors keeps its class, and an error that has one unregistered there still arrives', async () => {
  class Known extends Error {
    readonly level = 3
  }
  registerClass(Known)
  const copied = copy(new Known('here'))
  assert.ok(copied instanceof Known)
  const there = await inWorker((error: Error) => [error.message, error instanceof Error, error], new Known('there'))
  assert.deepEqual(there.slice(0, 2), ['there', true])
  assert.equal((there[2] as Known).level, 3)
})

test('a class is registered once by each name, with both functions or none', () => {
  class Twice {
    readonly n = 1
  }
  registerClass(Twice)
  registerClass(Twice)
  assert.throws(() => registerClass(Money, { name: 'Twice' }), {
    name: 'TypeError',
    message: 'registerClass: another class is registered as "Twice"; give this one a { name }',
  })
  assert.throws(() => registerClass(Twice, { encode: String }), {
    message: 'registerClass: Twice needs both encode and decode, or neither',
  })
  assert.throws(
    () =>
      registerClass(
        Object.defineProperty(
          class {
            readonly n = 1
          },
          'name',
          { value: '' },
        ),
      ),
    {
      message: 'registerClass: the class has no name; give one as { name }',
    },
  )
  assert.throws(() => registerClass('Twice' as never), { message: 'registerClass takes a class, not Twice' })
})

test('a registered class crosses by its name', () => {
  assert.equal(copy({ Money }).Money, Money)
})
