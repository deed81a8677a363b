/** The pictures in docs/pictures are what drawSvg draws. `UPDATE_PICTURES=1` draws them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Condition, Lock, SharedValue } from 'multitask'
import { type BuiltTest, check, CheckError, drawSvg } from 'multitask/checker'

const folder = new URL('../../docs/pictures/', import.meta.url)

function move(from: Lock, to: Lock): void {
  from.withSync(() => to.withSync(() => {}))
}

function lockOrder(): BuiltTest {
  const savings = new Lock({ name: 'savings' })
  const current = new Lock({ name: 'current' })
  return { threads: { ann: () => move(savings, current), bob: () => move(current, savings) } }
}

function ifInsteadOfWhile(): BuiltTest {
  const changed = new Condition(new Lock({ name: 'lock' }), { name: 'changed' })
  const items = new SharedValue('i32', 0, { name: 'items' })
  const take = (): void =>
    changed.withSync(() => {
      if (items.value === 0) changed.waitSync()
      assert.ok((items.value -= 1) >= 0, 'took from an empty shelf')
    })
  const give = (): void =>
    changed.withSync(() => {
      items.value += 1
      changed.notify()
    })
  return { threads: { ann: take, bob: take, baker: give } }
}

async function pictureOf(program: () => BuiltTest): Promise<string> {
  try {
    await check(program)
  } catch (error) {
    if (error instanceof CheckError) return drawSvg(error.schedule)
    throw error
  }
  return assert.fail('nothing was found')
}

for (const [name, program] of [
  ['lock-order', lockOrder],
  ['if-instead-of-while', ifInsteadOfWhile],
] as const) {
  void test(`the picture ${name}.svg is what is drawn`, async () => {
    const file = new URL(`${name}.svg`, folder)
    const picture = await pictureOf(program)
    if (process.env['UPDATE_PICTURES'] === '1') {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, picture)
    }
    assert.equal(picture, readFileSync(file, 'utf8'))
  })
}
