// Runs in vitest and in jest, which bring `test` and `expect`: `check` is an async function like any other.
import { Lock, SharedValue, ThreadPoolExecutor } from 'multitask'
import { check } from 'multitask/checker'

/** Two threads add 1 each, under the lock if there is one. */
function adding(lock) {
  const counter = new SharedValue('i32', 0, { name: 'counter' })
  const add = () => void (counter.value += 1)
  const body = lock ? () => lock.withSync(add) : add
  return { threads: [body, body], check: () => expect(counter.value).toBe(2) }
}

test('a lost update is found by the expectations of the runner, and found again by its replay', async () => {
  const found = { name: 'CheckError', schedule: { replay: 'A1B2A1', found: 4 } }
  await expect(check(() => adding())).rejects.toMatchObject(found)
  await expect(check(() => adding(), { replay: 'A1B2A1' })).rejects.toMatchObject({ name: 'CheckError' })
})

test('with a lock every interleaving passes', async () => {
  expect((await check(() => adding(new Lock()))).coverage).toBe('every interleaving: 2 schedules')
})

function shop() {
  const till = new Lock({ name: 'till' })
  let stock = 1
  const buy = async () => {
    if (stock === 0) return
    await till.with(() => (stock -= 1))
  }
  return { threads: { ann: buy, bob: buy }, check: () => expect(stock).toBe(0) }
}

test('async functions are checked too', async () => {
  await expect(check(shop)).rejects.toMatchObject({ name: 'CheckError', schedule: { threads: ['ann', 'bob'] } })
})

test('nothing global was patched: real threads run beside it', async () => {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  expect(await pool.submit(x => x * 2, 21)).toBe(42)
  await pool.shutdown()
})
