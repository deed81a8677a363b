/** Programs before which the transform was loaded. */
import assert from 'node:assert/strict'
import * as module from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { register, transformPlugin } from 'multitask/transform'
import { runProgramAfter } from '../fixtures/run-program.ts'

const LIMIT = 60_000
/** Node before 22.15 does not ask for CommonJS. */
const seesCommonJs = 'Bun' in globalThis || 'registerHooks' in module

for (const [door, marks] of [
  ['multitask/checker/register', 'awaits'],
  ['multitask/gil/register', 'loops'],
] as const) {
  void test(`${door} transforms the files of the project`, { timeout: LIMIT }, async () => {
    const { stdout, stderr } = await runProgramAfter(door, 'transform-programs/marks.ts')
    const lines = [
      `the program: ${marks}`,
      `a module: ${marks}`,
      `a module in a thread: ${marks}`,
      'one that asks to be left alone: nothing',
      'the package: nothing',
      'the line: 11',
      'a function that was sent as its text: 3',
      `CommonJS: ${seesCommonJs ? marks : 'nothing'}, with names and circles: here and there, required: true`,
    ]
    assert.deepEqual({ stdout: stdout.trimEnd().split('\n'), stderr }, { stdout: lines, stderr: '' })
  })
}

void test('types that only the runtime knows are no trouble, or are told', { timeout: LIMIT }, async () => {
  const { code, stdout, stderr } = await runProgramAfter(
    'multitask/checker/register',
    'transform-programs/new-types.ts',
  )
  // Node leaves them out for us, Deno has done so before, on old Nodes our tests have been compiled; Bun does none of these.
  const isTold = 'Bun' in globalThis
  assert.deepEqual([code, stdout], [0, isTold ? 'nothing\n' : 'awaits\n'])
  assert.match(stderr, isTold ? /not transformed: .*new-types\.ts:5:7: Unexpected/ : /^$/)
})

const file = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const source = 'export const f = async () => await 1'
const context = { warn: (message: string) => assert.fail(message) }
const changes = (id: string, options?: Parameters<typeof transformPlugin>[0]): boolean =>
  transformPlugin(options).transform.call(context, source, id) !== undefined

void test('the plugin takes the files of the project, and what options say', () => {
  assert.deepEqual(
    [
      changes(file('a.ts')),
      changes(`${file('a.tsx')}?v=2`),
      changes(file('a.vue')),
      changes(file('a.d.ts')),
      changes(file('node_modules/x/a.js')),
      changes(file('node_modules/x/a.js'), { include: '**/node_modules/x/**' }),
      changes(file('a.ts'), { include: ['test/fixtures/*.js', /a\.ts$/] }),
      changes(file('deep/a.ts'), { include: 'test/fixtures/*.ts' }),
      changes(file('deep/a.ts'), { include: 'test/{fixtures,other}/**/?.ts' }),
      changes(file('a.test.ts'), { exclude: '**/*.test.ts' }),
      changes(fileURLToPath(import.meta.resolve('multitask'))),
    ],
    [true, true, false, false, false, true, true, false, true, false, false],
  )
})

void test('the plugin warns of what it cannot read', () => {
  const warnings: string[] = []
  const plugin = transformPlugin()
  const result = plugin.transform.call({ warn: message => warnings.push(message) }, 'async () => await )', file('a.js'))
  assert.equal(result, undefined)
  assert.match(warnings.join(), /^not transformed: .*a\.js:1:19: Unexpected token$/)
})

void test('bad options are refused', () => {
  assert.throws(
    () => register({ include: [5] as never }),
    /^TypeError: include must be paths or regular expressions, not 5/,
  )
  assert.throws(() => transformPlugin({ await: true } as never), /"await"|await/)
})
