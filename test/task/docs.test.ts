/** The page on tasks shows programs that run: each of its blocks is a part of one in examples/, which examples.test.ts runs. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

void test('each block of code in docs/tasks.md is a part of an example', () => {
  const root = new URL('../../', import.meta.url)
  const page = readFileSync(new URL('docs/tasks.md', root), 'utf8')
  const programs = readdirSync(new URL('examples/', root))
    .filter(name => name.endsWith('.ts'))
    .map(name => readFileSync(new URL(`examples/${name}`, root), 'utf8'))
  const blocks = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, block = '']) => block)
  assert.ok(blocks.length > 5)
  for (const block of blocks)
    assert.ok(
      programs.some(program => program.includes(block)),
      `no example has\n${block}`,
    )
})
