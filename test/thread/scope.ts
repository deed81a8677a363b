/** A gate and a time limit for each case, and a look afterwards whether a thread was left behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setThreadErrorHook, type ThreadFailure, threads } from 'multitask'
import { Gate, until } from '../fixtures/gate.ts'

/** How often each case is run. */
const REPEAT = Number(process.env['MULTITASK_REPEAT'] ?? 1)

/** There to end what hangs; decides nothing. */
const LIMIT = 30_000

type Body = (gate: Gate, told: readonly ThreadFailure[]) => Promise<void>

/** `told`: what the hook was told. `skip`: why the case cannot hold on this runtime. */
export function threadCase(claim: string, body: Body, { skip = false }: { readonly skip?: string | false } = {}): void {
  void test(claim, { timeout: LIMIT * Math.ceil(REPEAT / 20), skip }, async () => {
    for (let i = 0; i < REPEAT; i++) {
      const gate = new Gate()
      const told: ThreadFailure[] = []
      const before = setThreadErrorHook(failure => void told.push(failure))
      try {
        await body(gate, told)
      } finally {
        gate.open()
        await until(() => threads().length === 1)
        setThreadErrorHook(before)
      }
    }
  })
}

/** The error of a promise that has to fail. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof Error, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

/** After the turn in which an error that nobody waits for is reported. */
export async function nextTurns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
}

export const deno = 'Deno' in globalThis
export const bun = 'Bun' in globalThis
