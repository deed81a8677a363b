/**
 * What every task group does, whichever way it is entered. The first cases are a table of what other libraries get wrong:
 * a child fails at 20 ms, another needs 30 ms to clean up when it is cancelled, a third is deaf and takes 120 ms.
 */
import assert from 'node:assert/strict'
import { alarm } from '../../dist/limits/clock.js'
import { CancelledError, type GroupOptions, InvalidStateError, sleep, TaskGroup, TaskGroupError } from 'multitask'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

/** Opens a group, runs the body with it, and waits for both. */
export type GroupForm = <T>(
  body: (group: TaskGroup) => T | PromiseLike<T>,
  options?: GroupOptions,
) => Promise<T | undefined>

const fail =
  (log: (line: string) => void, message = 'boom') =>
  async (): Promise<never> => {
    await sleep(20)
    log('A fails')
    throw new Error(message)
  }
const careful =
  (log: (line: string) => void, problem?: Error) =>
  async ({ signal }: { signal: AbortSignal }): Promise<void> => {
    try {
      await sleep(500)
    } catch (reason) {
      log(`B is cancelled ${signal.aborted && signal.reason === reason}`)
      await deaf(30)
      log('B has cleaned up')
      throw problem ?? reason
    }
  }

export function taskGroupSuite(suite: string, inGroup: GroupForm): void {
  const it = (claim: string, body: Parameters<typeof virtually>[1]): void => virtually(`${suite}: ${claim}`, body)

  it('a failing child cancels the others, and the group waits for all of them', async clock => {
    const { lines, log } = diary(clock)
    const error = await errorOf(
      inGroup(async group => {
        group.spawn(fail(log))
        group.spawn(careful(log))
        group.spawn(() => deaf(120).then(() => log('C is done')))
      }),
    )
    log('out')
    assert.deepEqual(lines, [
      'A fails @20',
      'B is cancelled true @20',
      'B has cleaned up @50',
      'C is done @120',
      'out @120',
    ])
    assert.ok(error instanceof TaskGroupError)
    assert.deepEqual(error.errors.map(String), ['Error: boom'])
    assert.equal(error.cause, error.errors[0])
  })

  it('an error of the cleaning up is in the group error too', async clock => {
    const { log } = diary(clock)
    const problem = new Error('cannot clean up')
    const error = await errorOf(
      inGroup(group => {
        group.spawn(fail(log))
        group.spawn(careful(log, problem))
      }),
    )
    assert.ok(error instanceof TaskGroupError)
    assert.deepEqual(error.errors.map(String), ['Error: boom', 'Error: cannot clean up'])
  })

  it('the reason of siblings says which task failed, and why', async () => {
    const boom = new Error('boom')
    let reason: unknown
    await errorOf(
      inGroup(group => {
        group.spawn(async ({ signal }) => {
          await errorOf(sleep(1000))
          reason = signal.reason
        })
        group.spawn(() => Promise.reject(boom), { name: 'the bad one' })
      }),
    )
    assert.ok(reason instanceof CancelledError)
    const { message, source, task, cause } = reason as CancelledError & { source: string; task: string }
    assert.deepEqual(
      { message, source, task, cause },
      { message: 'the task "the bad one" beside it failed', source: 'sibling', task: 'the bad one', cause: boom },
    )
  })

  it('a signal from outside cancels all, the group waits, and throws its reason', async clock => {
    const { lines, log } = diary(clock)
    const outer = new AbortController()
    const reason = new Error('outside')
    const error = await errorOf(
      inGroup(
        async group => {
          group.spawn(careful(log))
          group.spawn(() => deaf(120).then(() => log('C is done')))
          void deaf(20).then(() => outer.abort(reason))
          await sleep(300, undefined, group)
        },
        { signal: outer.signal },
      ),
    )
    log('out')
    assert.equal(error, reason)
    assert.deepEqual(lines, ['B is cancelled true @20', 'B has cleaned up @50', 'C is done @120', 'out @120'])
  })

  it('errors win over a cancellation from outside', async clock => {
    const { log } = diary(clock)
    const outer = new AbortController()
    const error = await errorOf(
      inGroup(
        group => {
          group.spawn(careful(log, new Error('cannot clean up')))
          void deaf(20).then(() => outer.abort(new Error('outside')))
        },
        { signal: outer.signal },
      ),
    )
    assert.ok(error instanceof TaskGroupError)
    assert.deepEqual(error.errors.map(String), ['Error: cannot clean up'])
  })

  it('a cancelled empty group throws the plain reason', async () => {
    const outer = new AbortController()
    const reason = new Error('outside')
    const error = inGroup(() => outer.abort(reason), { signal: outer.signal })
    assert.equal(await errorOf(error), reason)
  })

  it('an aborted signal lets nothing begin', async () => {
    const reason = new Error('too late')
    let began = false
    const error = await errorOf((async () => inGroup(() => (began = true), { signal: AbortSignal.abort(reason) }))())
    assert.equal(error, reason)
    assert.equal(began, false)
  })

  it('a child may have children while the group drains', async clock => {
    const { lines, log } = diary(clock)
    await inGroup(group => {
      group.spawn(async () => {
        await sleep(20)
        group.spawn(async () => {
          await sleep(20)
          log('grandchild')
        })
      })
      log('body')
    })
    log('out')
    assert.deepEqual(lines, ['body @0', 'grandchild @40', 'out @40'])
  })

  it('children that go on to spawn are brought down when one fails', async () => {
    let spawned = 0
    const error = await errorOf(
      inGroup(group => {
        const child = async (): Promise<void> => {
          for (;;) {
            await sleep(10)
            spawned++
            group.spawn(child)
          }
        }
        group.spawn(child)
        group.spawn(async () => {
          await sleep(45)
          throw new Error('boom')
        })
      }),
    )
    assert.ok(error instanceof TaskGroupError)
    assert.equal(error.errors.length, 1)
    assert.equal(spawned, 15)
  })

  it('a group that shuts down takes no more, and one that is over neither', async () => {
    let group!: TaskGroup
    let refused: unknown
    const error = await errorOf(
      inGroup(async each => {
        group = each
        group.spawn(() => Promise.reject(new Error('boom')))
        await deaf(1)
        try {
          group.spawn(() => assert.fail('it ran'))
        } catch (caught) {
          refused = caught
          throw caught
        }
      }),
    )
    assert.ok(refused instanceof InvalidStateError)
    assert.equal(refused.message, 'the TaskGroup is shutting down: it takes no more tasks')
    // It is a consequence of the failure, not one more.
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
    assert.throws(() => group.spawn(() => assert.fail('it ran')), {
      name: 'InvalidStateError',
      message: 'the TaskGroup is over: it takes no more tasks',
    })
  })

  it('results can be read when it is over, and finished children leave the list at once', async () => {
    const sizes: number[] = []
    let first: { result(): number } | undefined
    await inGroup(async group => {
      first = group.spawn(() => sleep(10, 1))
      group.spawn(() => sleep(20, 2))
      sizes.push(group.tasks.size)
      await sleep(15)
      sizes.push(group.tasks.size)
    })
    assert.equal(first?.result(), 1)
    assert.deepEqual(sizes, [2, 1])
  })

  it('a cancelled child is no error, and harms no sibling', async () => {
    await inGroup(async group => {
      const child = group.spawn(() => sleep(1000))
      const sibling = group.spawn(() => sleep(20, 'well'))
      child.cancel()
      assert.equal(await sibling, 'well')
      assert.equal(child.state, 'cancelled')
    })
  })

  it('an error that several have in hand is listed once', async () => {
    const boom = new Error('boom')
    const error = await errorOf(
      inGroup(async group => {
        const child = group.spawn(async () => {
          await sleep(10)
          throw boom
        })
        group.spawn(() => child)
        await child
      }),
    )
    assert.deepEqual((error as TaskGroupError).errors, [boom])
  })

  it('cancel() ends it early without an error, as often as one likes, also when it is over', async clock => {
    const { lines, log } = diary(clock)
    let group!: TaskGroup
    await inGroup(async each => {
      group = each
      group.spawn(careful(log))
      group.spawn(async () => {
        await sleep(20)
        group.cancel('enough')
        group.cancel('once more')
      })
      await errorOf(sleep(300, undefined, { signal: group.signal }))
      assert.equal((group.signal.reason as Error).message, 'enough')
    })
    group.cancel()
    log('out')
    assert.deepEqual(lines, ['B is cancelled true @20', 'B has cleaned up @50', 'out @50'])
  })

  it('cancel() does not hide an error', async clock => {
    const { log } = diary(clock)
    const error = await errorOf(
      inGroup(group => {
        group.spawn(careful(log, new Error('cannot clean up')))
        group.cancel()
      }),
    )
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: cannot clean up'])
  })

  it('its time limit cancels it, and is a TimeoutError when all have ended', async clock => {
    const { lines, log } = diary(clock)
    const error = await errorOf(inGroup(group => void group.spawn(careful(log)), { timeout: 100, name: 'brief' }))
    log('out')
    assert.deepEqual(lines, ['B is cancelled true @100', 'B has cleaned up @130', 'out @130'])
    assert.deepEqual(
      [(error as Error).name, (error as Error).message],
      ['TimeoutError', 'the TaskGroup "brief" was not done within 100 ms'],
    )
    assert.equal(((error as Error).cause as { source: string }).source, 'timeout')
  })

  it('a deadline is a time limit', async clock => {
    const error = await errorOf(inGroup(group => void group.spawn(() => sleep(1000)), { deadline: Date.now() + 100 }))
    assert.equal((error as Error).message, 'the TaskGroup was not done by its deadline')
    assert.ok(Math.abs(clock.elapsed - 100) < 50, `${clock.elapsed}`)
  })

  it('errors win over its time limit', async clock => {
    const { log } = diary(clock)
    const error = await errorOf(
      inGroup(group => void group.spawn(careful(log, new Error('cannot clean up'))), { timeout: 100 }),
    )
    assert.ok(error instanceof TaskGroupError)
  })

  it('with supervise a failing child leaves the others alone, and is thrown at the end', async clock => {
    const { lines, log } = diary(clock)
    const error = await errorOf(
      inGroup(
        group => {
          group.spawn(fail(log, 'one'))
          group.spawn(fail(log, 'two'))
          group.spawn(() => sleep(100).then(() => log('done')))
        },
        { supervise: true },
      ),
    )
    assert.deepEqual(lines, ['A fails @20', 'A fails @20', 'done @100'])
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: one', 'Error: two'])
  })

  it("with errors: 'first' it throws the first error, with the others in its suppressed", async clock => {
    const { log } = diary(clock)
    const error = (await errorOf(
      inGroup(
        group => {
          group.spawn(fail(log))
          group.spawn(careful(log, new Error('cannot clean up')))
        },
        { errors: 'first' },
      ),
    )) as Error & { suppressed: unknown[] }
    assert.equal(String(error), 'Error: boom')
    assert.deepEqual(error.suppressed.map(String), ['Error: cannot clean up'])
  })

  it('with a limit so many run at once, the others in their order', async clock => {
    const { lines, log } = diary(clock)
    await inGroup(
      group => {
        const states = [30, 10, 10, 10].map((time, index) =>
          group.spawn(async () => {
            log(`${index} begins`)
            await sleep(time)
          }),
        )
        assert.deepEqual(
          states.map(task => task.state),
          ['running', 'running', 'pending', 'pending'],
        )
      },
      { limit: 2 },
    )
    assert.deepEqual(lines, ['0 begins @0', '1 begins @0', '2 begins @10', '3 begins @20'])
  })

  it('those that wait for a place never run when the group is cancelled', async () => {
    const tasks: { state: string }[] = []
    const error = await errorOf(
      inGroup(
        group => {
          tasks.push(group.spawn(fail(() => {})))
          tasks.push(group.spawn(() => assert.fail('it ran')))
        },
        { limit: 1 },
      ),
    )
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: boom'])
    assert.deepEqual(
      tasks.map(task => task.state),
      ['failed', 'cancelled'],
    )
  })

  it('one that waits for a place can be cancelled alone, and keeps no place', async () => {
    await inGroup(
      async group => {
        group.spawn(() => sleep(10))
        const waiting = group.spawn(() => assert.fail('it ran'))
        const last = group.spawn(() => 'ran')
        assert.equal(waiting.cancel(), true)
        assert.equal(waiting.state, 'cancelled')
        assert.equal(await last, 'ran')
      },
      { limit: 1 },
    )
  })

  it('a thousand children that never wait fit through one place', async () => {
    let sum = 0
    await inGroup(
      group => {
        group.spawn(() => sleep(1))
        for (let i = 1; i <= 20_000; i++) group.spawn(() => void (sum += i))
      },
      { limit: 1 },
    )
    assert.equal(sum, 200_010_000)
  })

  it('a shielded child is not cancelled, but waited for', async clock => {
    const { lines, log } = diary(clock)
    await errorOf(
      inGroup(group => {
        group.spawn(fail(log))
        group.spawn(({ signal }) => sleep(100).then(() => log(`saved ${signal.aborted}`)), { shield: true })
      }),
    )
    log('out')
    assert.deepEqual(lines, ['A fails @20', 'saved false @100', 'out @100'])
  })

  it('of a child that is deaf it tells after the grace, once, and waits on', async clock => {
    const { lines, log } = diary(clock)
    await inGroup(
      group => {
        group.spawn(() => deaf(500), { name: 'the deaf one' })
        group.spawn(() => sleep(500))
        group.cancel()
      },
      { grace: 100, onLeak: ({ name, state, kind }) => log(`${kind} ${name} ${state}`) },
    )
    log('out')
    assert.deepEqual(lines, ['task the deaf one cancelling @100', 'out @500'])
  })

  it('nobody is told of children that stop in time', async () => {
    await inGroup(
      group => {
        group.spawn(() => deaf(99))
        group.cancel()
      },
      { grace: 100, onLeak: () => assert.fail('told') },
    )
  })

  it('with abandon it goes on without the deaf one after the grace', async clock => {
    const { lines, log } = diary(clock)
    let left!: Promise<unknown>
    const error = await errorOf(
      inGroup(
        group => {
          left = group.spawn(() => deaf(500).then(() => log('C is done')))
          group.spawn(fail(log))
        },
        { grace: 100, abandon: true, onLeak: () => log('left behind') },
      ),
    )
    log('out')
    assert.ok(error instanceof TaskGroupError)
    await left
    assert.deepEqual(lines, ['A fails @20', 'left behind @120', 'out @120', 'C is done @500'])
  })

  it('what a child has begun and not awaited is waited for and cancelled too', async clock => {
    const { lines, log } = diary(clock)
    await errorOf(
      inGroup(group => {
        group.spawn(() => {
          void TaskGroup.run(inner => void inner.spawn(careful(log))).catch(() => {})
        })
        group.spawn(fail(log))
      }),
    )
    log('out')
    assert.deepEqual(lines, ['A fails @20', 'B is cancelled true @20', 'B has cleaned up @50', 'out @50'])
  })

  it('groups nest, and errors with them', async () => {
    const error = await errorOf(
      inGroup(group => {
        group.spawn(() => inGroup(inner => void inner.spawn(() => Promise.reject(new Error('deep')))))
      }),
    )
    const [inner] = (error as TaskGroupError).errors
    assert.ok(inner instanceof TaskGroupError)
    assert.deepEqual((error as TaskGroupError).flatten().map(String), ['Error: deep'])
  })

  it('an AbortError counts as cancelled in a cancelled scope only', async () => {
    const abort = Object.assign(new Error('aborted'), { name: 'AbortError' })
    const error = await errorOf(inGroup(group => void group.spawn(() => Promise.reject(abort))))
    assert.deepEqual((error as TaskGroupError).errors, [abort])
    await inGroup(group => {
      const task = group.spawn(async () => {
        await errorOf(sleep(1000))
        throw abort
      })
      task.cancel()
    })
  })

  it('so does an error whose cause is the reason', async () => {
    await inGroup(group => {
      group.spawn(async ({ signal }) => {
        await errorOf(sleep(1000))
        throw new Error('wrapped', { cause: signal.reason })
      })
      group.cancel()
    })
  })

  it('spawn takes a function, and says why no promise', async () => {
    await inGroup(group => {
      const promise = Promise.resolve() as never
      assert.throws(() => group.spawn(promise), {
        name: 'TypeError',
        message:
          'spawn takes a function, not a promise: what runs already can neither be cancelled nor owned; pass a function that begins it',
      })
      assert.throws(() => group.spawn(() => {}, { nmae: 'x' } as never), /"nmae" is not an option of spawn\(\)/)
    })
  })

  it('a child begins at once, and what it throws at once is its failure', async () => {
    const order: string[] = []
    const error = await errorOf(
      inGroup(group => {
        order.push('before')
        const task = group.spawn(() => {
          order.push('child')
          throw new Error('at once')
        })
        order.push(`after ${task.state}`)
      }),
    )
    assert.deepEqual(order, ['before', 'child', 'after failed'])
    assert.deepEqual((error as TaskGroupError).errors.map(String), ['Error: at once'])
  })

  it('a child that fails at once cancels the sibling that spawned it, at its next wait', async () => {
    const order: string[] = []
    await errorOf(
      inGroup(group => {
        group.spawn(async () => {
          group.spawn(() => Promise.reject(new Error('boom')))
          order.push('goes on')
          await errorOf(sleep(1000))
          order.push('cancelled')
        })
      }),
    )
    assert.deepEqual(order, ['goes on', 'cancelled'])
  })

  it('it ends in a later turn even if it is empty', async () => {
    let over = false
    const done = inGroup(() => {}).then(() => (over = true))
    assert.equal(over, false)
    await done
  })
}

/** A wait that no cancellation ends: by the clock of the library, but in no scope. */
export function deaf(milliseconds: number): Promise<void> {
  return new Promise(resolve => void alarm(milliseconds, resolve))
}
