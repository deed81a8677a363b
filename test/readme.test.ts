/** The README shows programs that run: its TypeScript is examples/readme.ts, which examples.test.ts runs. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

void test('the TypeScript of the README is the program examples/readme.ts', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const program = readFileSync(new URL('../examples/readme.ts', import.meta.url), 'utf8')
  const [, shown] = /```ts\n([^]*?)```/.exec(readme) ?? []
  assert.ok(shown !== undefined && program.includes(shown), `the README shows\n${shown}`)
})
