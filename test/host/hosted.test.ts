/** An object of a user's class stays where it is, and threads and processes call its methods. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type Executor, host, ProcessPoolExecutor, ThreadPoolExecutor } from 'multitask'
import * as tasks from '../fixtures/ledger.ts'

const LIMIT = { timeout: 60_000 }
const makers: Record<string, () => Executor> = {
  processes: () => new ProcessPoolExecutor({ maxWorkers: 2 }),
  threads: () => new ThreadPoolExecutor({ maxWorkers: 2 }),
}

for (const [kind, make] of Object.entries(makers)) {
  const check = (claim: string, body: (pool: Executor) => Promise<void>): void =>
    void test(`${kind}: ${claim}`, LIMIT, async () => {
      const pool = make()
      try {
        await body(pool)
      } finally {
        await pool.shutdown({ cancelFutures: true })
      }
    })

  check('they call it one at a time, and so does the thread that has it', async pool => {
    const ledger = new tasks.Ledger()
    const hosted = host(ledger)
    const others = ['a', 'b'].map(name => pool.submit(tasks.addOften, hosted, name, 20))
    for (let i = 0; i < 20; i++) await hosted.add(1, { name: 'here' })
    await Promise.all(others)
    assert.equal(ledger.balance, 60)
    for (const name of ['a', 'b', 'here']) assert.equal(ledger.seen.filter(each => each === name).length, 20)
  })

  check('its errors are thrown as what they are', async pool => {
    const hosted = host(new tasks.Ledger())
    await assert.rejects(
      pool.submit(tasks.takeTooMuch, hosted),
      error => error instanceof tasks.Overdrawn && error.missing === 1000 && error.message === '1000 short',
    )
  })

  check('what comes back is the same, and its methods are what others see of it', async pool => {
    const hosted = host(new tasks.Ledger())
    assert.deepEqual(await pool.submit(tasks.names, hosted), ['add', 'take', 'read', 'never'])
    assert.equal(await pool.submit((each: unknown) => each, hosted), hosted)
  })

  check('a call that nobody waits for any more leaves the caller at once', async pool => {
    const hosted = host(new tasks.Ledger())
    const calling = pool.with({ timeout: 200 }).submit(tasks.callNever, hosted)
    await assert.rejects(calling, { name: 'TimeoutError' })
  })
}

void test('within its thread nothing is copied', LIMIT, async () => {
  const given = {}
  const hosted = host({ echo: (value: object) => value })
  assert.equal(await hosted.echo(given), given)
})

void test('it says what it is, and what cannot be hosted is refused', LIMIT, () => {
  assert.equal(inspect(host(new tasks.Ledger())), 'Hosted "Ledger" { add, take, read, never }')
  assert.throws(() => host(5 as never), {
    name: 'TypeError',
    message: 'what is hosted must be an object with methods, not 5',
  })
  assert.throws(() => host({ x: 1 }), { name: 'TypeError', message: 'Object has no methods that could be called' })
  assert.throws(() => host({ f() {} }, { nam: 'x' } as never), { name: 'TypeError' })
})
