/** An error that nobody waits for is told once, to the hook, and ends no program. What is joined is not told. */
import assert from 'node:assert/strict'
import { setThreadErrorHook, Thread, threads } from 'multitask'
import * as deadly from '../fixtures/deadly.ts'
import { until } from '../fixtures/gate.ts'
import { fail, failAtGate, throwValue } from '../fixtures/tasks.ts'
import { failBelow } from '../fixtures/thread-targets.ts'
import { errorOf, nextTurns, threadCase } from './scope.ts'

threadCase('THR-24: the hook gets the type, the error, its stack and the thread', async (_, told) => {
  const thread = new Thread(fail, ['nobody looks'], { name: 'unseen', daemon: true }).start()
  await until(() => told.length > 0)
  const { thread: from, type, error, stack } = told[0]!
  assert.equal(from, thread)
  assert.equal(type, 'TypeError')
  assert.ok(error instanceof TypeError)
  assert.match(stack, /TypeError: nobody looks\n.*fail/)
  assert.match(stack, /submitted at[^]*report\.test/)
  await nextTurns()
  assert.equal(told.length, 1)
})

threadCase('a join that comes later gets the error all the same', async (_, told) => {
  const thread = new Thread(fail, ['late']).start()
  await until(() => told.length > 0)
  assert.equal(await errorOf(thread.join()), told[0]!.error)
  await errorOf(thread.join())
  await nextTurns()
  assert.equal(told.length, 1)
})

threadCase('whoever waits in join when the thread ends is told, and nobody else', async (gate, told) => {
  const thread = new Thread(failAtGate, [gate.words, 'seen']).start()
  const joins = [errorOf(thread.join()), errorOf(thread.join({ timeout: 20_000 }))]
  gate.open()
  await Promise.all(joins)
  await until(() => threads().length === 1)
  await nextTurns()
  assert.deepEqual(told, [])
})

threadCase('a join that was given up before the end counts for nothing', async (gate, told) => {
  const thread = new Thread(failAtGate, [gate.words, 'given up']).start()
  await errorOf(thread.join({ timeout: 1 }))
  gate.open()
  await until(() => told.length > 0)
  assert.equal((told[0]!.error as Error).message, 'given up')
})

threadCase('a join in the turn in which the thread ends is in time', async (_, told) => {
  const thread = new Thread(fail, ['in time']).start()
  assert.throws(() => thread.joinSync(), { message: 'in time' })
  await until(() => threads().length === 1)
  await nextTurns()
  assert.deepEqual(told, [])
})

threadCase('all that kills a thread unasked is told, with its cause', async (_, told) => {
  new Thread(deadly.throwInTimer, ['in a timer'], { name: 'killed' }).start()
  await until(() => told.length > 0)
  const { type, stack } = told[0]!
  assert.equal(type, 'WorkerDiedError')
  assert.match(stack, /thread killed ended while it ran task throwInTimer\d?: an error was not caught/)
  assert.match(stack, /\nCaused by: .*in a timer/)
})

threadCase('what is thrown need not be an error', async (_, told) => {
  for (const [value, type, text] of [
    ['text', 'string', 'text'],
    [undefined, 'undefined', 'undefined'],
    [null, 'null', 'null'],
    [{ a: 1 }, 'object', 'an object'],
  ] as const) {
    const before = told.length
    new Thread(throwValue, [value]).start()
    await until(() => told.length > before)
    const { type: named, error, stack } = told.at(-1)!
    assert.deepEqual([named, error, stack], [type, value, text])
  }
})

threadCase('a hook that throws or rejects is reported on stderr, with the error that it was told', async () => {
  const { error: original } = console
  for (const hook of [() => fail('broken hook'), () => Promise.reject(new TypeError('broken hook'))]) {
    const lines: string[] = []
    console.error = (line: string) => void lines.push(line)
    try {
      setThreadErrorHook(hook)
      new Thread(fail, ['the first'], { name: 'first' }).start()
      await until(() => lines.length === 2)
    } finally {
      console.error = original
    }
    assert.match(lines[0]!, /^Exception in the thread error hook:\nTypeError: broken hook/)
    assert.match(lines[1]!, /^Exception in thread first:\nTypeError: the first/)
  }
})

threadCase('setThreadErrorHook returns the hook that was there, and sets the report again', async (_, told) => {
  const ours = setThreadErrorHook()
  const report = setThreadErrorHook(ours)
  assert.notEqual(report, ours)
  assert.equal(setThreadErrorHook(report), ours)
  assert.equal(setThreadErrorHook(ours), report)
  assert.throws(() => setThreadErrorHook(5 as never), {
    message: 'the thread error hook must be a function, not 5',
  })
  assert.deepEqual(told, [])
})

threadCase('each thread has a hook of its own, for the threads that it starts', async (_, told) => {
  assert.deepEqual(await new Thread(failBelow).start().join(), ['below RangeError'])
  assert.deepEqual(told, [])
})
