/** What is wrong with a command line is one sentence, and code 2. */
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { functions, inFolder, map, Running } from '../fixtures/command/run.ts'

const timeout = 60_000
const fixtures = dirname(functions)

/** What is told about wrong usage; nothing must have been written. */
async function complaintOf(args: readonly string[], cwd: string = fixtures): Promise<string> {
  const { code, stdout, stderr } = await map(args, '', { cwd })
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr)
  return stderr
}

void test('a module that is not there lists those that are, nearest first', { timeout }, async () => {
  assert.equal(
    await complaintOf(['function.ts', 'a']),
    'multitask: there is no module function.ts; this folder has functions.ts, run.ts, throws-when-loaded.ts\n',
  )
  assert.match(
    await complaintOf(['./nowhere/x.ts']),
    /there is no module \.\/nowhere\/x\.ts; there is no folder nowhere/,
  )
  assert.match(await complaintOf(['.']), /\. is a folder, not a module; this folder has .*run\.ts/)
})

void test('an export that is not there lists those that are, nearest first', { timeout }, async () => {
  assert.match(
    await complaintOf([`${functions}#sqare`, '1']),
    /functions\.ts has no export "sqare"; its functions are square, /,
  )
  assert.doesNotMatch(await complaintOf([`${functions}#sqare`, '1']), /NotAFunction|seven/)
  assert.match(await complaintOf([`${functions}#seven`, '1']), /the export "seven" of .* is a number, not a function/)
  assert.match(await complaintOf([`${functions}#NotAFunction`, '1']), /is a class, not a function/)
  assert.match(await complaintOf([`${functions}#`, '1']), /names no export behind the #/)
  assert.match(
    await complaintOf(['run.ts', '1']),
    /run\.ts has no default export; its functions are run\.ts#inFolder, /,
  )
})

void test('a module that cannot be loaded shows the error of the loader, once', { timeout }, async () => {
  const thrown = await complaintOf(['throws-when-loaded.ts', 'a', 'b', 'c'])
  assert.match(thrown, /^multitask: cannot load throws-when-loaded\.ts\nRangeError: not today\n/)
  assert.equal(thrown.match(/not today/g)?.length, 1)
  await inFolder(async folder => {
    writeFileSync(join(folder, 'broken.mjs'), 'export const a = 1\nexport const = 2\n')
    writeFileSync(join(folder, 'lost.mjs'), "import './gone.mjs'\n")
    const broken = await complaintOf(['broken.mjs', 'a'], folder)
    assert.match(broken, /broken\.mjs:2/)
    assert.match(broken, /SyntaxError|BuildMessage|Expected/)
    assert.match(await complaintOf(['lost.mjs', 'a'], folder), /gone\.mjs/)
  })
})

void test('an unknown option suggests the nearest', { timeout }, async () => {
  assert.equal(
    await complaintOf([functions, '--keepgoing', 'a']),
    "multitask: unknown option '--keepgoing'\n(Did you mean --keep-going?)\n",
  )
})

void test('a value that an option cannot have is told with the value', { timeout }, async () => {
  const wrong = [
    ['--workers', '0'],
    ['--workers', 'two'],
    ['--chunk', '-1'],
    ['--timeout', '5s'],
    ['--timeout', 'NaN'],
    ['--retries', '1.5'],
    ['--on', 'mars'],
  ]
  await Promise.all(
    wrong.map(async ([option, value]) => {
      const complaint = await complaintOf([functions, 'a', option!, value!])
      assert.ok(complaint.includes(option!) && complaint.includes(`'${value}'`), complaint)
    }),
  )
})

void test('options that contradict each other are told', { timeout }, async () => {
  assert.match(await complaintOf([functions, '--resume']), /--resume needs the --output/)
  assert.match(
    await complaintOf([functions, '--resume', '--output', 'x', '--raw']),
    /--resume cannot be used with --raw/,
  )
  assert.match(
    await complaintOf([functions, '--chunk', '2', '--timeout', '9']),
    /--chunk cannot be used with --timeout/,
  )
  assert.match(await complaintOf([functions, '--ndjson', '--files', 'x']), /--ndjson cannot be used with --files/)
})

void test('inputs that cannot be read and an output that cannot be written are told by name', { timeout }, async () => {
  await inFolder(async folder => {
    const complaint = (...args: string[]): Promise<string> => complaintOf([functions, ...args], folder)
    writeFileSync(join(folder, 'earlier.ndjson'), '{"input":"a","value":"A"}\n')
    mkdirSync(join(folder, 'sub'))
    assert.match(await complaint('--files', 'gone.txt'), /cannot read gone\.txt: no such file/i)
    assert.equal(await complaint('--files', 'sub'), 'multitask: cannot read sub: it is a folder\n')
    assert.match(await complaint('*.png'), /no file matches \*\.png/)
    assert.match(await complaint('a', '--output', 'gone/out.ndjson'), /cannot write gone\/out\.ndjson: no such file/i)
    assert.match(await complaint('a', '--output', 'sub'), /cannot write sub: /)
    assert.match(await complaint('a', '--output', 'earlier.ndjson'), /earlier\.ndjson exists: give --resume/)
  })
})

void test(
  'a full disk is told, with code 1',
  { timeout, skip: process.platform !== 'linux' && 'there is no /dev/full' },
  async () => {
    await inFolder(async folder => {
      symlinkSync('/dev/full', join(folder, 'full'))
      const { code, stderr } = await map([functions, 'a', '--output', 'full'], '', { cwd: folder })
      assert.equal(code, 1)
      assert.match(stderr, /^multitask: cannot write full: no space left on device/i)
    })
  },
)

void test('--help tells how to use it, with examples', { timeout }, async () => {
  const { code, stdout } = await map(['--help'])
  assert.equal(code, 0)
  assert.match(stdout, /Examples:\n(.|\n)*\$ multitask map (.|\n)*\$ multitask map /)
  const nothing = new Running([])
  nothing.child.stdin.end()
  assert.equal((await nothing.ended).code, 2)
})
