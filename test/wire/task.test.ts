import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { describeFunction, identifyFunction } from '../../dist/wire/function.js'
import { isMain, task } from '../../dist/wire/task.js'
import * as marked from '../fixtures/functions/marked.ts'
import { call } from '../fixtures/functions/remote.ts'

const timeout = 30_000
const identity = (n: number) => n
const markedUrl = new URL('../fixtures/functions/marked.ts', import.meta.url).href

test('task() returns the function that it was given', () => {
  assert.equal(task(identity), identity)
  assert.equal(task(identity), identity)
})

test('a task goes by the URL of its module, its name and its place among those of that name', () => {
  const { kind, url, id } = describeFunction(marked.explicit, 'fn') as unknown as Record<string, unknown>
  assert.deepEqual({ kind, url, id }, { kind: 'task', url: markedUrl, id: 'tripled#0' })
})

test('a task has an identity, and can be cloned', () => {
  const { node } = identifyFunction(marked.triple)!
  assert.deepEqual(structuredClone(node), node)
  assert.notEqual(identifyFunction(marked.plusOne)?.key, identifyFunction(marked.plusTwo)?.key)
})

test('a task captures what its module makes, on every runtime', { timeout }, async () => {
  assert.equal(await call(marked.triple, 4), 12)
  assert.equal(await call(marked.explicit, 4), 12)
})

test('tasks of one text are told apart', { timeout }, async () => {
  assert.deepEqual([await call(marked.plusOne, 1), await call(marked.plusTwo, 1)], [2, 3])
})

test('a task has the state of the module that the worker has imported', { timeout }, async () => {
  marked.count()
  const first = await call(marked.count)
  assert.equal(await call(marked.count), first + 1)
})

test('a task is found by its text where the worker makes tasks in another order', { timeout }, async () => {
  assert.deepEqual([await call(marked.a), await call(marked.b)], ['a3', 'b3'])
})

test('a task that is made late is not there in the worker, and the error says so', { timeout }, async () => {
  await assert.rejects(call(marked.makeLate()[0]), {
    name: 'CannotLoadError',
    message: /did not make the task .*#\d; task\(\) has to be called at the top level/,
  })
})

test('a task that is another function in the worker is not run', { timeout }, async () => {
  await assert.rejects(call(marked.changing), {
    name: 'CannotLoadError',
    message: /changing#0 .* has other source text/,
  })
})

test('a task whose module does not load has the error of the loader', { timeout }, async () => {
  const missing = task(new URL('missing.ts', markedUrl).href, () => 1)
  await assert.rejects(call(missing), { name: 'CannotLoadError', message: /missing\.ts/ })
})

test('misuse is told at once', () => {
  assert.throws(() => task(1 as never), { name: 'TypeError', message: 'task() takes a function, not 1' })
  assert.throws(() => task('resize', () => 1), { name: 'TypeError', message: /task\(import\.meta\.url, fn\)/ })
})

const isMainIn = async (url: string) => ((await import(url)) as { isMain: boolean }).isMain

test('isMain is true in the main thread and false in a worker', { timeout }, async () => {
  assert.equal(isMain, true)
  const url = new URL('../../dist/wire/task.js', import.meta.url).href
  assert.equal(await call(isMainIn, url), false)
})

/** What a program prints, on the runtime that this test runs on. */
function outputOf(program: string): string {
  const file = fileURLToPath(new URL(`../fixtures/functions/${program}`, import.meta.url))
  const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-check', '--no-lock'] : []
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, file], { encoding: 'utf8', timeout })
  return stdout + stderr
}

test('tasks may be in the entry of the program, if what starts it is guarded', { timeout }, () => {
  assert.equal(outputOf('guarded.ts'), '12\n')
})

test('an entry without a guard does not start the program again, and the error has the cure', { timeout }, () => {
  assert.match(outputOf('unguarded.ts'), /^cannot load .*unguarded\.ts: a worker that imports .* under `if \(isMain\)`/)
})
