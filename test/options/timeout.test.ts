import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkTimeout } from '../../dist/options/timeout.js'

test('missing or Infinity is for ever, 0 polls', () => {
  assert.equal(checkTimeout(undefined), Infinity)
  assert.equal(checkTimeout(Infinity), Infinity)
  assert.equal(checkTimeout(0), 0)
  assert.equal(checkTimeout(1.5), 1.5)
})

test('negative and NaN are RangeErrors, what is no number a TypeError, with the value', () => {
  assert.throws(() => checkTimeout(-1), {
    name: 'RangeError',
    message: 'timeout must be 0 or more milliseconds, not -1',
  })
  assert.throws(() => checkTimeout(NaN, 'grace'), {
    name: 'RangeError',
    message: 'grace must be 0 or more milliseconds, not NaN',
  })
  assert.throws(() => checkTimeout('5'), {
    name: 'TypeError',
    message: 'timeout must be a number of milliseconds, not "5"',
  })
  assert.throws(() => checkTimeout(null), {
    name: 'TypeError',
    message: 'timeout must be a number of milliseconds, not null',
  })
})
