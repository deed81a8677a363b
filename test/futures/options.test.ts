import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoopExecutor } from 'multitask'
import { checkPoolOptions } from '../../dist/futures/options.js'

const executor = new LoopExecutor()

/** What `with` says to an option. */
function refusal(option: string, value: unknown): { name: string; message: string } {
  try {
    executor.with({ [option]: value })
  } catch (error) {
    const { name, message } = error as Error
    return { name, message }
  }
  return { name: 'none', message: '' }
}

test('an unknown option is a TypeError that names the nearest one', () => {
  for (const [wrong, right] of [
    ['chunksize', 'chunkSize'],
    ['chunk_size', 'chunkSize'],
    ['timout', 'timeout'],
    ['retrys', 'retries'],
    ['on_progress', 'onProgress'],
  ]) {
    assert.deepEqual(refusal(wrong!, 1), {
      name: 'TypeError',
      message: `"${wrong}" is not an option of with(): did you mean ${right}?`,
    })
  }
})

test('an unknown option that is near to none is told which there are', () => {
  assert.match(refusal('colour', 'red').message, /^"colour" is not an option of with\(\): it knows signal, timeout, /)
})

test('durations follow the one rule for timeouts', () => {
  for (const option of ['timeout', 'grace', 'deadline']) {
    for (const value of [-1, NaN]) {
      assert.deepEqual(refusal(option, value), {
        name: 'RangeError',
        message: `${option} must be 0 or more milliseconds, not ${value}`,
      })
    }
    assert.equal(refusal(option, '5').name, 'TypeError')
    for (const value of [0, 5, Infinity, undefined]) assert.equal(refusal(option, value).name, 'none')
  }
})

test('counts are whole numbers, or Infinity', () => {
  assert.equal(refusal('retries', 0).name, 'none')
  assert.equal(refusal('retries', Infinity).name, 'none')
  assert.deepEqual(refusal('retries', -1), {
    name: 'RangeError',
    message: 'retries must be a whole number from 0, not -1',
  })
  assert.deepEqual(refusal('retries', 0.5), {
    name: 'RangeError',
    message: 'retries must be a whole number from 0, not 0.5',
  })
  assert.deepEqual(refusal('retries', true), { name: 'TypeError', message: 'retries must be a number, not true' })
})

test('every other option is checked too, with its value in the sentence', () => {
  assert.equal(refusal('signal', {}).message, 'signal must be an AbortSignal, not an object')
  assert.equal(
    refusal('signal', new AbortController()).message,
    'signal must be an AbortSignal, not an AbortController',
  )
  assert.equal(refusal('signal', new AbortController().signal).name, 'none')
  assert.equal(refusal('priority', NaN).name, 'RangeError')
  assert.equal(refusal('priority', -5).name, 'none')
  assert.equal(refusal('name', 5).message, 'name must be a string, not 5')
  assert.equal(refusal('transfer', new ArrayBuffer(1)).message, 'transfer must be an array, not an ArrayBuffer')
  assert.equal(refusal('unordered', 1).message, 'unordered must be a boolean, not 1')
  assert.equal(refusal('onProgress', 'f').message, 'onProgress must be a function, not "f"')
  assert.equal(refusal('name', null).message, 'name must be a string, not null')
})

test('options that are no object are refused', () => {
  assert.throws(() => executor.with(5 as never), {
    name: 'TypeError',
    message: 'the options of with() must be an object, not 5',
  })
  assert.throws(() => new LoopExecutor(null as never), {
    message: 'the options of LoopExecutor must be an object, not null',
  })
  assert.throws(() => executor.shutdown({ cancel: true } as never), {
    name: 'TypeError',
    message: '"cancel" is not an option of shutdown(): it knows wait, cancelFutures',
  })
})

test('the options of a pool are checked, alone and together', () => {
  assert.doesNotThrow(
    check({ maxWorkers: 2, minWorkers: 2, idleTimeout: 0, name: 'x', initializer: () => {}, initargs: [] }),
  )
  assert.throws(check({ max_workers: 2 }), {
    message: '"max_workers" is not an option of Pool: did you mean maxWorkers?',
  })
  assert.throws(check({ minWorkers: 3, maxWorkers: 2 }), {
    name: 'RangeError',
    message: 'minWorkers must not be more than maxWorkers: 3 is more than 2',
  })
  assert.throws(check({ initargs: [1] }), { name: 'TypeError', message: 'initargs need an initializer' })
  assert.throws(check({ initializer: 'f' }), { message: 'initializer must be a function, not "f"' })
  assert.throws(check({ idleTimeout: -1 }), RangeError)
})

function check(options: object): () => void {
  return () => void checkPoolOptions(options, 'Pool')
}
