/** Pages show programs that run: each block of TypeScript is a part of a file in examples/, which examples.test.ts runs. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

// What a program calls on other threads, or what the command does, stands in a module of its own.
const programs = ['examples/', 'examples/tasks/'].flatMap(folder =>
  readdirSync(new URL(folder, root))
    .filter(name => name.endsWith('.ts'))
    .map(name => read(folder + name)),
)
const docs = readdirSync(new URL('docs/', root)).filter(name => name.endsWith('.md'))

for (const page of ['README.md', ...docs.map(name => `docs/${name}`)]) {
  const blocks = [...read(page).matchAll(/```ts\n([^]*?)```/g)].map(([, block = '']) => block)
  if (blocks.length === 0) continue
  void test(`the TypeScript of ${page} is that of the examples`, () => {
    for (const block of blocks) {
      assert.ok(
        programs.some(program => program.includes(block)),
        `no example has\n${block}`,
      )
    }
  })
}
