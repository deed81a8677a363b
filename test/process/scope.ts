/** A pool of processes, a gate of files and a time limit for each case; nothing is left behind. */
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ProcessPoolExecutor, type ProcessPoolOptions } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import { Gate, until } from '../fixtures/gate.ts'

/** There to end what hangs; decides nothing. */
export const LIMIT = 40_000

type Body = (pool: ProcessPoolExecutor, gate: Gate<FileWords>) => Promise<void>

export function processCase(claim: string, options: ProcessPoolOptions, body: Body): void {
  void test(claim, { timeout: LIMIT }, async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 1, ...options })
    const gate = new Gate(new FileWords())
    try {
      await body(pool, gate)
    } finally {
      gate.open()
      await pool.shutdown({ cancelFutures: true })
    }
  })
}

/** Whether there is still such a process that does anything. What has ended may wait for its parent to look at it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}

export function untilGone(pids: readonly number[]): Promise<void> {
  return until(() => !pids.some(isRunning))
}
