/** What docs/threads.md shows stands in programs that run: each of its pieces of TypeScript is a part of an example. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

void test('the TypeScript of docs/threads.md is that of the examples', () => {
  const folder = new URL('../../examples/', import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.ts'))
  const programs = names.map(name => readFileSync(new URL(name, folder), 'utf8'))
  const page = readFileSync(new URL('../../docs/threads.md', import.meta.url), 'utf8')
  const shown = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, text]) => text!)
  assert.ok(shown.length > 0)
  for (const text of shown)
    assert.ok(
      programs.some(program => program.includes(text)),
      `no example has\n${text}`,
    )
})
