/** Flags of the program that are for its own process, with what stands behind them. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = `
  import { ProcessPoolExecutor } from 'multitask'
  const pool = new ProcessPoolExecutor({ maxWorkers: 1 })
  console.log(await pool.submit(n => n * n, 7))
  await pool.shutdown()
`
const node = ['--inspect-port', '0', '--input-type=module', '-e', program]
const commandLine = 'Bun' in globalThis ? ['-e', program] : 'Deno' in globalThis ? ['eval', program] : node

void test('a program given by -e has processes, and none takes the value of a flag for its program', async () => {
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, commandLine, { cwd, timeout: 50_000 })
  assert.deepEqual({ stdout, stderr }, { stdout: '49\n', stderr: '' })
})
