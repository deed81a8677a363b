import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTask, InvalidStateError, run, sleep, TaskGroup, TimeoutError } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, LIMIT, virtually } from '../fixtures/virtual.ts'
import { runProgram } from '../fixtures/run-program.ts'

virtually('run gives the value of main, or its error', async () => {
  assert.equal(await run(() => sleep(10, 'value')), 'value')
  const problem = new Error('mine')
  assert.equal(await errorOf(run(() => Promise.reject(problem))), problem)
})

virtually('what is left over at its end is cancelled and waited for', async clock => {
  const { lines, log } = diary(clock)
  let leftOver!: { readonly state: string }
  const value = await run(async () => {
    leftOver = createTask(async ({ signal }) => {
      const reason = await errorOf(sleep(500))
      log((signal.reason as Error).message)
      await deaf(30)
      throw reason
    })
    void TaskGroup.run(group => void group.spawn(() => sleep(500).finally(() => log('of a group')))).catch(() => {})
    await sleep(10)
    return 'value'
  })
  log(`out ${leftOver.state}`)
  assert.equal(value, 'value')
  assert.deepEqual(lines, ['of a group @10', 'the main task is over @10', 'out cancelled @40'])
})

virtually('tasks of createTask outlive the task that made them, as long as main goes on', async clock => {
  const { lines, log } = diary(clock)
  await run(async () => {
    await TaskGroup.run(group => {
      group.spawn(() => void createTask(() => sleep(50).then(() => log('outlived'))))
    })
    log('group is over')
    await sleep(100)
  })
  assert.deepEqual(lines, ['group is over @0', 'outlived @50'])
})

virtually('a run in a run is an error, and leaves the first one alone', async () => {
  const value = await run(async () => {
    const error = await errorOf(run(() => assert.fail('it ran')))
    assert.ok(error instanceof InvalidStateError)
    return sleep(10, 'value')
  })
  assert.equal(value, 'value')
  assert.equal(await run(() => 'again'), 'again')
})

virtually('a signal and a time limit cancel all of it', async clock => {
  const outer = new AbortController()
  const running = run(() => sleep(500), { signal: outer.signal })
  const reason = new Error('outside')
  outer.abort(reason)
  assert.equal(await errorOf(running), reason)
  const late = await errorOf(run(() => sleep(500), { timeout: 50, name: 'main' }))
  assert.ok(late instanceof TimeoutError)
  assert.equal(late.message, 'run() was not done within 50 ms')
  assert.equal(clock.elapsed, 50)
})

virtually('of what does not stop it tells after the grace', async clock => {
  const { lines, log } = diary(clock)
  await run(() => void createTask(() => deaf(100), { name: 'deaf' }), {
    grace: 20,
    onLeak: ({ name }) => log(name),
  })
  log('out')
  assert.deepEqual(lines, ['deaf @20', 'out @100'])
})

virtually('what is wrong with the call is a TypeError', async () => {
  await assert.rejects(run(Promise.resolve() as never), /run takes a function, not a promise/)
  await assert.rejects(
    run(() => {}, { singals: false } as never),
    /did you mean signals\?/,
  )
})

void test('the program goes on while only a promise is waited for, until it is cancelled', LIMIT, async () => {
  const { code, stdout } = await runProgram('task-programs/only-a-promise.ts')
  assert.deepEqual([code, stdout], [0, 'still here\n'])
})

void test(
  'of those who wait for each other in run() the last one is told so, and the other goes on',
  LIMIT,
  async () => {
    const { code, stdout } = await runProgram('task-programs/circle-in-run.ts')
    assert.deepEqual([code, stdout.split('\n').toSorted()], [0, ['', 'DeadlockError', 'both']])
  },
)

void test(
  'a left-over task that fails while it is cancelled is reported, and the value of main stands',
  LIMIT,
  async () => {
    const { code, stdout } = await runProgram('task-programs/left-over-failure.ts')
    assert.deepEqual([code, stdout.split('\n').toSorted()], [0, ['', 'unhandled: clean-up', 'value']])
  },
)

/** Runs a program, sends it a signal when it has printed the first lines, one for each, and tells how it ended. */
async function interrupt(
  name: string,
  signal: NodeJS.Signals,
  times: number = 1,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const file = fileURLToPath(new URL(`../fixtures/task-programs/${name}`, import.meta.url))
  const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-check', '--no-lock'] : []
  const child = spawn(process.execPath, [...flags, file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let sent = 0
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', text => (stderr += text))
  child.stdout.on('data', text => {
    stdout += text
    // Deno sends no second signal by child.kill(), and takes the first for the end.
    for (; sent < Math.min(times, stdout.split('\n').length - 1); sent++) process.kill(child.pid!, signal)
  })
  const [code, by] = await once(child, 'close')
  return { code: code ?? by, stdout, stderr }
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  void test(`${signal} cancels the program, which cleans up; the error names the signal`, LIMIT, async () => {
    const end = await interrupt('interrupted.ts', signal)
    assert.deepEqual(
      [end.code, end.stdout],
      [0, `ready\ncleaned up\nCancelledError signal the program was asked to end by ${signal}\n`],
      end.stderr,
    )
  })

  void test(`a second ${signal} ends it at once with ${code}`, LIMIT, async () => {
    const end = await interrupt('stubborn.ts', signal, 2)
    assert.deepEqual([end.code, end.stdout], [code, 'ready\ncleaning up\n'], end.stderr)
  })
}

void test(
  'a program that was interrupted ends with 130 if nobody catches that',
  { ...LIMIT, skip: 'Deno' in globalThis && 'Deno ends with 1 after any uncaught error' },
  async () => {
    const end = await interrupt('interrupted-uncaught.ts', 'SIGINT')
    assert.equal(end.code, 130)
    assert.match(end.stderr, /the program was asked to end by SIGINT/)
  },
)
