/** Programs that stand on the command line: their threads are not to run them again. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = `
  import { ThreadPoolExecutor } from 'multitask'
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  console.log(await pool.submit(n => n * n, 7))
  await pool.shutdown()
`
const node = ['--input-type=module', '-e', program]
const commandLine = 'Bun' in globalThis ? ['-e', program] : 'Deno' in globalThis ? ['eval', program] : node

void test('a program given by -e has a pool like any other', { timeout: 60_000 }, async () => {
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, commandLine, { cwd, timeout: 50_000 })
  assert.deepEqual({ stdout, stderr }, { stdout: '49\n', stderr: '' })
})
