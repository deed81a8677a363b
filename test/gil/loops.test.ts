/** Loops that were transformed as they were loaded, so that each of their turns is a checkpoint. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SharedValue, Thread } from 'multitask'
import { Gil } from 'multitask/gil'
import { register, transformSource } from 'multitask/transform'
import { runInThisContext } from 'node:vm'

register({ include: 'test/fixtures/loops/*.ts', awaits: false, checkpoints: true })
const { calculate } = await import('../fixtures/loops/calculate.ts')

const LIMIT = 60_000

void test('threads change over in loops that call nothing', { timeout: LIMIT }, async () => {
  const gil = new Gil({ switchInterval: 1 })
  const inside = new SharedValue('i32')
  const threads = ['ann', 'bob'].map(name => new Thread(calculate, [gil, inside, 6], { name }).start())
  assert.deepEqual(await Promise.all(threads.map(thread => thread.join())), [false, false])
  const { forced, timeline } = gil.statistics()
  assert.ok(forced >= 6)
  assert.deepEqual([...new Set(timeline.map(({ thread }) => thread))].toSorted(), ['ann', 'bob'])
})

/** How often a loop of ten turns has called a Gil. */
function calls(gil: Gil, f: () => void): number {
  let count = 0
  gil.checkpoint = () => void count++
  f()
  return count
}

void test('a loop calls the Gil that its thread holds, and nobody if there is none', () => {
  const { code } = transformSource('() => { for (let i = 0; i < 10; i++); }', {
    file: 'loop.js',
    awaits: false,
    checkpoints: true,
  })
  const loop = runInThisContext(code) as () => void
  const outer = new Gil()
  const inner = new Gil()
  assert.equal(calls(outer, loop), 0)
  assert.equal(
    calls(outer, () => outer.run(loop)),
    10,
  )
  assert.equal(
    calls(outer, () => outer.run(() => inner.run(loop))),
    0,
  )
  assert.equal(
    calls(outer, () => outer.run(() => inner.run(() => {}) ?? loop())),
    10,
  )
  assert.equal(
    calls(outer, () => outer.run(() => outer.released(loop))),
    0,
  )
})
