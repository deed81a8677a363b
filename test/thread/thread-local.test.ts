/** A ThreadLocal means another value in each thread. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { Thread, ThreadLocal, ThreadPoolExecutor } from 'multitask'
import {
  type Account,
  getLocal,
  makeAccount,
  makeValue,
  payIn,
  setLocal,
  useLocal,
} from '../fixtures/thread-targets.ts'
import { threadCase } from './scope.ts'

threadCase('TLS-01: what one thread sets, another does not see; deleting works', async () => {
  const local = new ThreadLocal<string>()
  assert.equal(local.value, undefined)
  local.value = 'set in main'
  const threads = ['one', 'two'].map(name => new Thread(useLocal, [local], { name }).start())
  for (const thread of threads) {
    assert.deepEqual(await thread.join(), [undefined, `set in ${thread.name}`, true, undefined, false, false])
  }
  assert.equal(local.value, 'set in main')
  assert.deepEqual([local.delete(), local.value, local.delete()], [true, undefined, false])
})

threadCase('TLS-02: init makes the value of each thread when it is first read there, and after delete', async () => {
  const local = new ThreadLocal(makeValue)
  const thread = new Thread(useLocal, [local], { name: 'other' }).start()
  assert.deepEqual(await thread.join(), ['made in other, 1', 'set in other', true, 'made in other, 2', true, false])
  assert.equal(local.value, local.value)
  assert.match(local.value, /^made in MainThread, \d+$/)
})

threadCase('TLS-02: an instance for each thread, with concurrent first use', async () => {
  const accounts = new ThreadLocal<Account>(makeAccount)
  const threads = [1, 2, 3].map(i => new Thread(payIn, [accounts, i * 10], { name: `owner-${i}` }).start())
  assert.deepEqual(await Promise.all(threads.map(thread => thread.join())), [
    'owner-1: 10',
    'owner-2: 20',
    'owner-3: 30',
  ])
  assert.equal(accounts.value.balance, 0)
  assert.equal(accounts.value.owner, 'MainThread')
})

threadCase('a thread keeps its value while nobody there holds the ThreadLocal', async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  const local = new ThreadLocal<number>()
  await pool.submit(setLocal, local, 7)
  // Enough that what can be collected is.
  for (let i = 0; i < 5; i++) await pool.submit(() => void Array.from({ length: 1e5 }, () => ({})))
  assert.equal(await pool.submit(getLocal, local), 7)
  assert.equal(local.value, undefined)
})

threadCase('an init that throws is asked again', async () => {
  let calls = 0
  const local = new ThreadLocal(() => {
    if (++calls === 1) throw new RangeError('not yet')
    return calls
  })
  assert.throws(() => local.value, RangeError)
  assert.deepEqual([local.value, local.value], [2, 2])
})

threadCase('undefined can be a value', async () => {
  let calls = 0
  const local = new ThreadLocal<number | undefined>(() => ++calls)
  local.value = undefined
  assert.deepEqual([local.value, calls], [undefined, 0])
})

threadCase('it tells what it holds here, and what it cannot be made with', async () => {
  const local = new ThreadLocal<string>()
  assert.equal(inspect(local), 'ThreadLocal { no value here }')
  local.value = 'text'
  assert.equal(inspect(local), 'ThreadLocal { "text" }')
  assert.throws(() => new ThreadLocal(5 as never), {
    name: 'TypeError',
    message: 'a ThreadLocal takes a function that makes its value, not 5',
  })
})
