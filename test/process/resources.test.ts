/** What processes do where the system has nothing more to give. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { LIMIT } from './scope.ts'

const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-check', '--no-lock'] : []

/** What a program prints that runs under a limit of the shell. */
function runUnder(limit: string, program: string, env: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const file = fileURLToPath(new URL(`../fixtures/process-programs/${program}`, import.meta.url))
  const args = ['-c', `${limit} && exec "$0" "$@"`, process.execPath, ...flags, file]
  return new Promise(resolve => {
    execFile('sh', args, { timeout: LIMIT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const ending = error === null ? [] : [`ended by ${error.signal ?? error.code}: ${stderr}`]
      resolve([...stdout.trimEnd().split('\n'), ...ending])
    })
  })
}

void test(
  'without files for its streams no process is started, the sentence says why, and later there are files again',
  { timeout: LIMIT },
  async () => {
    const lines = await runUnder('ulimit -n 200', 'no-more-files.ts')
    assert.equal(lines[0], '1')
    assert.match(lines[1]!, /^Error: EMFILE: no process can be started, because too many files are open/)
    assert.deepEqual(lines.slice(2), ['1,4,9,16,25,36', '9'])
  },
)

const answers = ['1,4,9', `${1 << 24}`, '0']

void test('processes need no room on a disk', { timeout: LIMIT }, async () => {
  // Not one byte can be written to a file then. Deno does so itself at its start, and is ended for it.
  const limit = 'Deno' in globalThis ? 'true' : 'ulimit -f 0'
  assert.deepEqual(await runUnder(limit, 'no-disk.ts', { TMPDIR: '/dev/null/nowhere' }), answers)
})

void test('nothing is put into the temporary folder', { timeout: LIMIT }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'multitask-empty-'))
  assert.deepEqual(await runUnder('true', 'no-disk.ts', { TMPDIR: folder }), answers)
  assert.deepEqual(readdirSync(folder), [])
  rmdirSync(folder)
})
