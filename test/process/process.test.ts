/** A Process from its making to its end. Ids are those of CPython's behaviours. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { activeChildren, CancelledError, parentProcess, Process, TimeoutError, WorkerDiedError } from 'multitask'
import { FileWords } from '../fixtures/file-words.ts'
import { Gate } from '../fixtures/gate.ts'
import * as targets from '../fixtures/process-targets.ts'
import { spin } from '../fixtures/process-tasks.ts'
import { fail, passGate, square } from '../fixtures/tasks.ts'
import { LIMIT } from './scope.ts'

function processTest(claim: string, body: (gate: Gate<FileWords>) => Promise<void>): void {
  void test(claim, { timeout: LIMIT }, async () => {
    const gate = new Gate(new FileWords())
    try {
      await body(gate)
    } finally {
      gate.open()
      for (const left of activeChildren()) left.kill()
    }
  })
}

async function textOf(stream: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream!) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

processTest('PRC-01: exitCode, isAlive and activeChildren follow the process', async gate => {
  const child = new Process(passGate, [gate.words, 5])
  assert.deepEqual([child.isAlive(), child.exitCode, child.pid], [false, undefined, undefined])
  assert.throws(() => child.sentinel, { name: 'InvalidStateError' })
  assert.equal(child.start(), child)
  const { sentinel } = child
  assert.deepEqual([child.isAlive(), child.exitCode], [true, undefined])
  assert.ok(activeChildren().includes(child))
  await assert.rejects(child.join({ timeout: 0 }), TimeoutError)
  gate.open()
  assert.equal(await child.join(), 5)
  assert.deepEqual([child.isAlive(), child.exitCode, await sentinel], [false, 0, 0])
  assert.deepEqual(activeChildren(), [])
  assert.throws(() => child.start(), { message: /can only be started once/ })
})

processTest('PRC-02, PRC-16: the child knows its pid and its parent', async () => {
  const child = new Process(targets.whoAmI).start()
  const { pid } = child
  assert.deepEqual(await child.join(), { pid, parent: process.pid, name: 'MainProcess', alive: true })
  assert.equal(parentProcess(), undefined)
})

processTest('PRC-05, PRC-06: terminate and kill end it, and the exit code is minus the signal', async gate => {
  const terminated = new Process(targets.sleepForever, [gate.words]).start()
  const killed = new Process(spin, [gate.words]).start()
  await gate.whenStarted(2)
  terminated.terminate()
  killed.kill()
  await assert.rejects(terminated.join(), CancelledError)
  await assert.rejects(killed.join(), { name: 'CancelledError', message: /process Process-\d+ was killed/ })
  assert.deepEqual([terminated.exitCode, killed.exitCode], [-15, -9])
})

processTest('PRC-11: process.exit(n) is n, an error of the target is 1', async () => {
  const [zero, seven, failing] = [
    new Process(targets.exitWith, [0]).start(),
    new Process(targets.exitWith, [7]).start(),
    new Process(fail, ['too bad']).start(),
  ]
  assert.equal(await zero.join(), undefined)
  await assert.rejects(seven.join(), (error: unknown) => error instanceof WorkerDiedError && error.exitCode === 7)
  await assert.rejects(failing.join(), { name: 'TypeError', message: 'too bad' })
  assert.deepEqual([zero.exitCode, seven.exitCode, failing.exitCode], [0, 7, 1])
})

processTest('PRC-13: it ends after the threads and processes that it has started', async gate => {
  assert.equal(await new Process(targets.leaveOthers, [gate.words]).start().join(), 1)
  assert.equal(gate.finished, 2)
})

processTest('PRC-14: its exit handlers run', async gate => {
  await new Process(targets.countExit, [gate.words]).start().join()
  assert.equal(gate.finished, 1)
})

processTest('PRC-15: children may start children', async () => {
  assert.equal(await new Process(targets.factorial, [3]).start().join(), 6)
})

processTest('PRC-04: a daemon makes daemons, unless it is told otherwise', async () => {
  assert.equal(new Process(square, [1]).daemon, false)
  assert.equal(await new Process(targets.daemonByDefault, [], { daemon: true }).start().join(), true)
})

processTest('PRC-18: it can be terminated right after its start', async () => {
  const children = Array.from({ length: 3 }, () => new Process(square, [1]).start())
  for (const child of children) child.terminate()
  for (const child of children) await assert.rejects(child.join(), CancelledError)
  assert.deepEqual(
    children.map(child => child.exitCode),
    [-15, -15, -15],
  )
})

processTest('its output can be captured, its directory and variables can be given', async () => {
  const printing = new Process(targets.print, ['out', 'err'], { stdout: 'pipe', stderr: 'pipe' }).start()
  const texts = await Promise.all([textOf(printing.stdout), textOf(printing.stderr)])
  await printing.join()
  assert.deepEqual(texts, ['out', 'err'])
  const elsewhere = new Process(targets.workingDirectory, [], { cwd: tmpdir(), env: { ...process.env } }).start()
  assert.equal(await elsewhere.join(), tmpdir())
})

void test('what can be no Process is refused with the value', () => {
  const make = Process as unknown as new (...args: unknown[]) => Process
  assert.throws(() => new make(5), { message: 'the target of a Process must be a function, not 5' })
  assert.throws(() => new make(square, 3), { message: 'the arguments of a Process must be an array, not 3' })
  assert.throws(() => new make(square, [], { nice: 40 }), { name: 'RangeError' })
  assert.throws(() => new make(square, [], { stdout: 'file' }), { name: 'TypeError' })
})
