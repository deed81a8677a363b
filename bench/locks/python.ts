/** Python's locks. What they are asked is in python_locks.py. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Figures } from '../question.ts'

export async function askPython(question: 'free' | 'contended', ...numbers: readonly number[]): Promise<Figures> {
  const script = fileURLToPath(new URL('python_locks.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script, question, ...numbers.map(String)])
  return JSON.parse(stdout) as Figures
}
