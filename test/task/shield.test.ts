import assert from 'node:assert/strict'
import {
  createTask,
  shield,
  sleep,
  taskContext,
  TaskGroup,
  TaskGroupError,
  TimeoutError,
  timeout,
  waitFor,
} from 'multitask'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

virtually('a value and an error pass through', async () => {
  assert.equal(await shield(() => sleep(10, 'value')), 'value')
  const problem = new Error('mine')
  assert.equal(await errorOf(shield(() => Promise.reject(problem))), problem)
})

virtually('shielded work goes on in a cancelled task, which waits for it', async clock => {
  const { lines, log } = diary(clock)
  const task = createTask(async () => {
    try {
      await sleep(500)
    } finally {
      await shield(async ({ signal }) => {
        await sleep(30)
        log(`saved ${signal.aborted} ${taskContext()?.signal.aborted}`)
      })
      log(((await errorOf(sleep(1))) as Error).message)
    }
  })
  task.cancel('enough')
  await errorOf(task)
  log('out')
  assert.equal(task.cancelled(), true)
  assert.deepEqual(lines, ['saved false false @30', 'enough @30', 'out @30'])
})

virtually('work that is shielded when the cancellation comes is not interrupted', async clock => {
  const task = createTask(() => shield(() => sleep(100, 'saved')))
  await sleep(10)
  task.cancel()
  assert.equal(await task, 'saved')
  assert.equal(clock.elapsed, 100)
})

virtually('its own time limit ends it', async clock => {
  const error = await errorOf(shield(() => sleep(500), { timeout: 50 }))
  assert.ok(error instanceof TimeoutError)
  assert.equal(clock.elapsed, 50)
})

virtually('when both are late, it is its own limit that is told inside, and the outer one outside', async () => {
  let inside: unknown
  const error = await errorOf(
    timeout(10, async () => {
      inside = await errorOf(shield(() => sleep(500), { timeout: 50 }))
      await sleep(0)
    }),
  )
  assert.equal((inside as Error).message, 'not done within 50 ms')
  assert.equal((error as Error).message, 'not done within 10 ms')
})

virtually('an error of shielded work is not lost when the task is cancelled', async () => {
  const error = await errorOf(
    TaskGroup.run(group => {
      group.spawn(() =>
        shield(async () => {
          await sleep(20)
          throw new Error('cannot save')
        }),
      )
      group.cancel()
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: cannot save'])
})

virtually('a group waits for a shield that nobody awaits', async clock => {
  await TaskGroup.run(group => {
    group.spawn(() => void shield(() => sleep(100)))
    group.cancel()
  })
  assert.equal(clock.elapsed, 100)
})

virtually('waitFor lets go of a shield, and the work goes on', async clock => {
  const saved = shield(() => sleep(100, 'saved'))
  assert.ok((await errorOf(waitFor(saved, 20))) instanceof TimeoutError)
  assert.equal(clock.elapsed, 20)
  assert.equal(await saved, 'saved')
})

virtually('it takes a function', async () => {
  await assert.rejects(shield(Promise.resolve() as never), /shield takes a function, not a promise/)
  await assert.rejects(
    shield(() => {}, { timeout: -1 }),
    RangeError,
  )
})
