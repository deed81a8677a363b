/** Calls of a LoopExecutor and the tasks of the same loop. What is so for every executor is in conformance/executor-scope.ts. */
import assert from 'node:assert/strict'
import { createTask, LoopExecutor, sleep, taskContext } from 'multitask'
import { errorOf, virtually } from '../fixtures/virtual.ts'

virtually('a call is in the scope of who submitted it, and not of who made room for it', async () => {
  await using executor = new LoopExecutor({ maxWorkers: 1 })
  const inside = createTask(() => executor.submit(() => sleep(10, taskContext()?.name)), { name: 'inside' })
  const outside = executor.submit(async () => {
    inside.cancel()
    return sleep(20, taskContext()?.name ?? 'outside')
  })
  const another = createTask(() => executor.submit(() => taskContext()?.name), { name: 'another' })
  assert.deepEqual(await Promise.all([inside, outside, another]), ['inside', 'outside', 'another'])
})

virtually('the waits of a call end with its scope, and the call is cancelled', async clock => {
  await using executor = new LoopExecutor({ maxWorkers: 1 })
  let call!: ReturnType<typeof executor.submit>
  const task = createTask(() => (call = executor.submit(() => sleep(1000))))
  await sleep(10)
  task.cancel('enough')
  assert.equal(((await errorOf(task)) as Error).message, 'enough')
  assert.deepEqual([call.cancelled(), clock.elapsed], [true, 10])
})
