/** What only a callback can know: how the body ended. */
import assert from 'node:assert/strict'
import { CancelledError, moveOnAfter, sleep, TaskGroup, TaskGroupError, timeout } from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

virtually('the group returns what its body returns', async () => {
  assert.equal(await TaskGroup.run(() => 'value'), 'value')
  assert.equal(await TaskGroup.run(async group => group.spawn(() => sleep(10, 5))), 5)
})

virtually(
  'a body that throws cancels the children, which are waited for; its error is in the group error',
  async clock => {
    const { lines, log } = diary(clock)
    const problem = new Error('body')
    let reason: unknown
    const error = await errorOf(
      TaskGroup.run(async group => {
        group.spawn(async () => {
          reason = await errorOf(sleep(500))
          await deaf(30)
          log('B has cleaned up')
          throw reason
        })
        group.spawn(() => deaf(120).then(() => log('C is done')))
        await sleep(20)
        log('body throws')
        throw problem
      }),
    )
    log('out')
    assert.deepEqual(lines, ['body throws @20', 'B has cleaned up @50', 'C is done @120', 'out @120'])
    assert.ok(error instanceof TaskGroupError && reason instanceof CancelledError)
    assert.deepEqual([error.errors, error.cause], [[problem], problem])
    assert.deepEqual([(reason as CancelledError & { source: string }).source, reason.cause], ['body', problem])
  },
)

virtually('the error of the body stands last, and is the cause if it came first', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(async () => {
        await errorOf(sleep(500))
        throw new Error('clean-up')
      })
      await sleep(20)
      throw new Error('body')
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: clean-up', 'Error: body'])
  assert.equal(String((error as Error).cause), 'Error: body')
})

virtually("with errors: 'first', a body that failed first is thrown first", async () => {
  const error = (await errorOf(
    TaskGroup.run(
      async group => {
        group.spawn(async () => {
          await errorOf(sleep(500))
          throw new Error('clean-up')
        })
        await sleep(20)
        throw new Error('body')
      },
      { errors: 'first' },
    ),
  )) as Error & { suppressed: unknown[] }
  assert.deepEqual([String(error), error.suppressed.map(String)], ['Error: body', ['Error: clean-up']])
})

virtually('the body is cancelled when a child fails, at its next wait', async clock => {
  const { lines, log } = diary(clock)
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(async () => {
        await sleep(20)
        throw new Error('boom')
      })
      const reason = await errorOf(sleep(300))
      log(`body: ${(reason as Error).name}`)
      throw reason
    }),
  )
  assert.deepEqual(lines, ['body: CancelledError @20'])
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
})

virtually('a body that swallows the cancellation gets the group error all the same', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(() => Promise.reject(new Error('boom')))
      await errorOf(sleep(300))
      return 'a value'
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
})

virtually('a body that makes another error of its cancellation has that one in the group error', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(() => Promise.reject(new Error('boom')))
      await errorOf(sleep(300))
      throw new Error('body')
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom', 'Error: body'])
})

virtually('a resource that fails to close while the body is cancelled is in the group error', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(() => Promise.reject(new Error('boom')))
      await using resource = {
        async [Symbol.asyncDispose]() {
          await deaf(10)
          throw new Error('cannot close')
        },
      }
      void resource
      await sleep(300)
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom', 'Error: cannot close'])
})

virtually('a resource whose closing waits is interrupted too, and that is no error', async () => {
  const error = await errorOf(
    TaskGroup.run(async group => {
      group.spawn(() => Promise.reject(new Error('boom')))
      await using resource = { [Symbol.asyncDispose]: () => sleep(10) }
      void resource
      await sleep(300)
    }),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
})

virtually('cancel() makes it resolve to undefined if the body was interrupted, else to its value', async () => {
  const interrupted = TaskGroup.run(async group => {
    group.spawn(() => group.cancel())
    await sleep(100)
    return 'value'
  })
  assert.equal(await interrupted, undefined)
  assert.equal(
    await TaskGroup.run(group => {
      group.cancel()
      return 'value'
    }),
    'value',
  )
})

virtually('a group inside of another is cancelled with it, and throws the outer reason', async clock => {
  const { lines, log } = diary(clock)
  const reason = new Error('enough')
  await TaskGroup.run(async outer => {
    const inner = TaskGroup.run(async group => {
      group.spawn(() => sleep(500).finally(() => log('inner child')))
      await sleep(500)
    })
    const task = outer.spawn(() => inner)
    await sleep(20)
    outer.cancel(reason)
    assert.equal(await errorOf(inner), reason)
    assert.equal(await errorOf(task), reason)
  })
  assert.deepEqual(lines, ['inner child @20'])
})

virtually('a group in a cancelled scope lets nothing begin', async () => {
  await TaskGroup.run(async outer => {
    outer.cancel()
    const error = await errorOf(TaskGroup.run(() => assert.fail('it ran')))
    assert.equal(error, outer.signal.reason)
  })
})

virtually('its own cancel() does not hide that what is around it is cancelled', async () => {
  const { timedOut } = await moveOnAfter(50, () =>
    TaskGroup.run(async group => {
      group.spawn(() => deaf(100))
      await deaf(10)
      group.cancel()
    }),
  )
  assert.equal(timedOut, true)
})

virtually('after the group error nothing is left cancelled', async clock => {
  await TaskGroup.run(async () => {
    await errorOf(TaskGroup.run(group => void group.spawn(() => Promise.reject(new Error('boom')))))
    await sleep(10)
  })
  assert.equal(clock.elapsed, 10)
})

virtually('outside cancellation, and a child that fails in the slow clean-up of the body: the error wins', async () => {
  const outer = new AbortController()
  const running = TaskGroup.run(
    async group => {
      try {
        await sleep(1000)
      } catch (reason) {
        await deaf(50)
        throw reason
      } finally {
        assert.equal(group.signal.aborted, true)
      }
    },
    { signal: outer.signal },
  )
  const withChild = TaskGroup.run(
    async group => {
      group.spawn(async () => {
        await errorOf(sleep(1000))
        await deaf(20)
        throw new Error('clean-up')
      })
      try {
        await sleep(1000)
      } catch (reason) {
        await deaf(50)
        throw reason
      }
    },
    { signal: outer.signal },
  )
  outer.abort(new Error('outside'))
  const [plain, failed] = await Promise.all([errorOf(running), errorOf(withChild)])
  assert.equal(String(plain), 'Error: outside')
  assert.deepEqual((failed as TaskGroupError).errors.map(String), ['Error: clean-up'])
})

virtually('a time limit around a group whose child fails in its clean-up: the group error comes out', async () => {
  const error = await errorOf(
    timeout(50, () =>
      TaskGroup.run(group => {
        group.spawn(async () => {
          await errorOf(sleep(1000))
          throw new Error('clean-up')
        })
      }),
    ),
  )
  assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: clean-up'])
})

virtually('a time limit around a group is a TimeoutError when its children have ended', async clock => {
  const error = await errorOf(timeout(50, () => TaskGroup.run(group => void group.spawn(() => deaf(80)))))
  assert.deepEqual([(error as Error).name, clock.elapsed], ['TimeoutError', 80])
})

virtually('what is wrong with the call is a TypeError', async () => {
  await assert.rejects(TaskGroup.run(Promise.resolve() as never), /TaskGroup\.run takes a function, not a promise/)
  await assert.rejects(
    TaskGroup.run(() => {}, { limt: 1 } as never),
    /"limt" is not an option of a TaskGroup: did you mean limit\?/,
  )
  await assert.rejects(
    TaskGroup.run(() => {}, { limit: 0 }),
    RangeError,
  )
  await assert.rejects(
    TaskGroup.run(() => {}, { timeout: -1 }),
    RangeError,
  )
  await assert.rejects(
    TaskGroup.run(() => {}, { deadline: NaN }),
    RangeError,
  )
  await assert.rejects(
    TaskGroup.run(() => {}, { abandon: true }),
    /abandon needs grace/,
  )
})
