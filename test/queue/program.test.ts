import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CannotSendError, LifoQueue, PriorityQueue, Queue, SimpleQueue, ThreadPoolExecutor } from 'multitask'
import { LIMIT } from '../conformance/queue.ts'
import { runProgram } from '../fixtures/run-program.ts'

test('who joins a queue whose items nobody can do any more is told; who waits for an item is not', LIMIT, async () => {
  const told = [
    'broken',
    'nothing is left to run that could end the waiting:',
    '  1 waits for the Queue "jobs", 1 unfinished',
    'Queue "jobs" { 0 items, 1 unfinished, 1 getting }',
  ]
  const end = await runProgram('queue-programs/nobody-is-done.ts')
  assert.deepEqual(end, { code: 0, stdout: `${told.join('\n')}\n`, stderr: '' })
})

test('a queue that is sent to a thread is an error that names SharedQueue, with the path', LIMIT, async () => {
  await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
  for (const queue of [new Queue(), new LifoQueue(), new PriorityQueue(), new SimpleQueue()]) {
    const message =
      `cannot send argument 1.jobs: it is a ${queue.constructor.name}, which belongs to this thread\n` +
      '  hint: use a SharedQueue, which crosses to other threads'
    assert.throws(() => executor.submit((value: unknown) => value, { jobs: queue }), {
      name: 'CannotSendError',
      message,
    })
  }
  class Jobs extends Queue<string> {}
  const jobs = new Jobs()
  assert.throws(
    () => executor.submit(() => jobs.size),
    (error: unknown) => error instanceof CannotSendError && /Jobs|jobs/.test(error.message),
  )
})
