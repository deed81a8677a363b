/** Ids are those of asyncio's behaviours. */
import assert from 'node:assert/strict'
import {
  CancelledError,
  createTask,
  dumpTasks,
  Future,
  gather,
  sleep,
  TaskGroup,
  TaskGroupError,
  timeout,
  TimeoutError,
} from 'multitask'
import { deaf } from '../conformance/task-group.ts'
import { diary, errorOf, virtually } from '../fixtures/virtual.ts'

const bad = (message: string, time: number) => () => deaf(time).then(() => Promise.reject(new Error(message)))
const slow = (): Promise<void> => sleep(1000)
const begin = (): never => assert.fail('it ran')

/** The rules that hold however the functions are run. */
for (const [how, limit] of [
  ['all at once', undefined],
  ['so many at once', 2],
] as const) {
  const it = (claim: string, body: Parameters<typeof virtually>[1]): void => virtually(`gather, ${how}: ${claim}`, body)

  it('GAT-01: results stand in the order of the inputs', async () => {
    const results = await gather([() => sleep(30, 'a'), () => sleep(10, 'b'), () => 'c', async () => 'd'], { limit })
    assert.deepEqual(results, ['a', 'b', 'c', 'd'])
  })

  it('the first error is thrown when all have ended, with those of the cleaning up', async clock => {
    const { lines, log } = diary(clock)
    const error = (await errorOf(
      gather(
        [
          async () => {
            const reason = await errorOf(sleep(500))
            log(`cancelled: ${(reason as Error).message}`)
            await deaf(30)
            log('cleaned up')
            throw new Error('of the cleaning up')
          },
          async () => {
            await sleep(20)
            throw new Error('boom')
          },
          () => deaf(120).then(() => log('deaf')),
        ],
        { limit: limit && 3, name: 'pages' },
      ),
    )) as Error & { suppressed: unknown[] }
    log('out')
    assert.deepEqual([error.message, error.suppressed.map(String)], ['boom', ['Error: of the cleaning up']])
    const cancelled = 'cancelled: another part of the gather "pages" failed @20'
    assert.deepEqual(lines, [cancelled, 'cleaned up @50', 'deaf @120', 'out @120'])
  })

  it("with errors: 'group' it is a TaskGroupError", async () => {
    const error = await errorOf(gather([bad('one', 10), bad('two', 10)], { limit, errors: 'group' }))
    assert.ok(error instanceof TaskGroupError)
    assert.deepEqual(error.errors.map(String), ['Error: one', 'Error: two'])
    assert.equal(error.cause, error.errors[0])
  })

  it('a function that throws at once keeps those after it from beginning', async () => {
    const ends: string[] = []
    const error = await errorOf(
      gather(
        [
          () => sleep(500).catch(() => void ends.push('before')),
          () => {
            throw new Error('boom')
          },
          () => assert.fail('it ran'),
        ],
        { limit },
      ),
    )
    assert.deepEqual([(error as Error).message, ends], ['boom', ['before']])
  })

  it('GAT-02, GAT-05: with returnExceptions errors stand in their places, and it ends when all have', async clock => {
    const other = createTask(() => sleep(1000))
    other.cancel('by somebody')
    const results = await gather(
      [
        () => sleep(10, 'first'),
        async () => {
          throw new RangeError('in place')
        },
        () => {
          throw 'no error'
        },
        () => sleep(50, 'last'),
        other,
      ],
      { limit, returnExceptions: true },
    )
    const [first, second, third, last, cancelled] = results
    assert.deepEqual([first, last, clock.elapsed >= 50], ['first', 'last', true])
    assert.ok(second instanceof RangeError)
    assert.ok(third instanceof Error)
    assert.deepEqual([third.message, third.cause], ['"no error" was thrown', 'no error'])
    assert.ok(cancelled instanceof CancelledError)
  })

  it('GAT-08: cancelling who gathers cancels all, also with returnExceptions, and comes out', async clock => {
    for (const returnExceptions of [true, false]) {
      const ends: number[] = []
      const careful = (n: number) => async () => {
        const reason = await errorOf(sleep(1000))
        await deaf(20)
        ends.push(n)
        throw reason
      }
      const task = createTask(() => gather([careful(1), careful(2)], { limit: limit && 2, returnExceptions }))
      await sleep(10)
      const began = clock.elapsed
      task.cancel('enough')
      assert.equal(((await errorOf(task)) as Error).message, 'enough')
      assert.deepEqual([ends, clock.elapsed - began, task.cancelled()], [[1, 2], 20, true])
    }
  })

  it('its signal and its timeout cancel all, and come out', async clock => {
    const stop = new AbortController()
    const signalled = gather([slow, slow, slow], { limit, signal: stop.signal })
    stop.abort(new Error('no more'))
    assert.equal(((await errorOf(signalled)) as Error).message, 'no more')
    const late = await errorOf(gather([slow, slow, slow], { limit, timeout: 50 }))
    assert.ok(late instanceof TimeoutError)
    assert.deepEqual([late.message, clock.elapsed], ['the gather was not done within 50 ms', 50])
    const error = await errorOf(gather([() => assert.fail('it ran')], { limit, signal: stop.signal }))
    assert.equal((error as Error).message, 'no more')
    await errorOf(gather([() => assert.fail('it ran'), () => {}, () => {}], { limit, timeout: 0 }))
  })

  it('what a function has begun and not awaited is waited for, and cancelled with the rest', async clock => {
    const lines: string[] = []
    await gather(
      [
        () => void timeout(1000, () => sleep(30).then(() => lines.push('late'))),
        () => void TaskGroup.run(group => void group.spawn(() => sleep(50).then(() => lines.push('later')))),
      ],
      { limit: limit && 1 },
    )
    assert.deepEqual([lines, clock.elapsed], [['late', 'later'], 50])
  })

  it('tasks and futures are gathered beside functions', async () => {
    const future = new Future<number>()
    const task = createTask(() => sleep(20, 'task'))
    void sleep(10).then(() => future.setResult(5))
    assert.deepEqual(await gather([task, () => 'function', future, task, () => 1], { limit }), [
      'task',
      'function',
      5,
      'task',
      1,
    ])
  })

  it('GAT-04: one that somebody else cancelled fails it, and the others are cancelled with it', async () => {
    const task = createTask(() => sleep(1000))
    const other = createTask(() => sleep(1000))
    const future = new Future<number>()
    const gathering = createTask(() => gather([task, other, future, () => sleep(1000)], { limit: limit && 1 }))
    task.cancel('by somebody')
    assert.equal(((await errorOf(gathering)) as Error).message, 'by somebody')
    assert.deepEqual([other.cancelled(), future.cancelled(), gathering.state], [true, true, 'failed'])
  })

  it('what nobody can stop is let go of', async clock => {
    const running = new Future<string>()
    running.setRunning()
    assert.ok(
      (await errorOf(gather([running, () => sleep(1000), () => {}], { limit, timeout: 20 }))) instanceof TimeoutError,
    )
    assert.equal(clock.elapsed, 20)
    running.setResult('later')
    assert.equal(await running, 'later')
  })

  it('in tasks() it is one line, and the functions see one context', async () => {
    const seen = new Set<unknown>()
    await gather(
      [0, 1, 2].map(() => async (context: unknown) => {
        seen.add(context)
        assert.match(dumpTasks(), /^gather "three": running/)
      }),
      { limit, name: 'three' },
    )
    assert.equal(seen.size, 1)
  })
}

virtually('an object of functions gives an object of results', async () => {
  const results = await gather({ page: () => sleep(10, 'text'), size: async () => 5, ['__proto__']: () => 'own' })
  assert.deepEqual(Object.entries(results), [
    ['page', 'text'],
    ['size', 5],
    ['__proto__', 'own'],
  ])
})

virtually('GAT-10: nothing gives nothing, at once', async () => {
  assert.deepEqual(await gather([]), [])
  assert.deepEqual(await gather(new Set<() => void>()), [])
  assert.deepEqual(await gather({}), {})
  assert.deepEqual(await gather([], { limit: 5 }), [])
})

virtually('GAT-09: a task given twice runs once, a function given twice is called twice', async () => {
  let calls = 0
  const count = (): number => ++calls
  const task = createTask(count)
  assert.deepEqual(await gather([task, task, count, count]), [1, 1, 2, 3])
})

virtually('with a limit no more run at once, begun in their order', async clock => {
  const { lines, log } = diary(clock)
  const work = (name: string, time: number) => async () => {
    log(name)
    await sleep(time)
  }
  await gather([work('a', 30), work('b', 10), work('c', 10), work('d', 10)], { limit: 2 })
  assert.deepEqual(lines, ['a @0', 'b @0', 'c @10', 'd @20'])
})

virtually('GAT-11: the later errors of 1000 that fail are no unhandled rejections', async () => {
  const error = await errorOf(
    gather(Array.from({ length: 1000 }, (_, n) => async () => Promise.reject(new Error(`${n}`)))),
  )
  assert.equal((error as Error).message, '0')
  assert.equal((error as { suppressed?: unknown[] }).suppressed?.length, 999)
})

virtually('errors win over a cancellation from outside, and one error is told once', async () => {
  const boom = new Error('boom')
  const outer = createTask(() =>
    gather([
      async () => {
        await errorOf(sleep(1000))
        throw boom
      },
      async () => {
        await errorOf(sleep(1000))
        throw boom
      },
    ]),
  )
  outer.cancel()
  assert.equal(await errorOf(outer), boom)
  assert.equal('suppressed' in boom, false)
})

virtually('thenables are asked once', async () => {
  let asked = 0
  const lazy = {
    // oxlint-disable-next-line unicorn/no-thenable
    then: (resolve: (value: string) => void) => resolve(`asked ${++asked}`),
  } as PromiseLike<string>
  assert.deepEqual(await gather([() => lazy]), ['asked 1'])
  await errorOf(gather([() => lazy, async () => Promise.reject(new Error('boom'))]))
  assert.equal(asked, 2)
})

virtually('what is neither a function nor a task nor a future is refused before anything begins', async () => {
  const cases: [unknown, string][] = [
    [
      [begin, sleep(0)],
      'gather takes functions, tasks and futures, not a promise at 1: what runs already can neither be cancelled nor owned; pass a function that begins it',
    ],
    [{ a: begin, b: 5 }, 'gather takes functions, tasks and futures, not 5 at "b"'],
    [[begin, undefined, begin], 'gather takes functions, tasks and futures, not undefined at 1'],
    [begin, 'gather takes an array or an object of functions, not the function begin: put them into an array'],
    [Promise.resolve(), 'gather takes an array or an object of functions, not a promise'],
    [new Date(), 'gather takes an array or an object of functions, not a Date'],
    [null, 'gather takes an array or an object of functions, not null'],
  ]
  for (const [inputs, message] of cases) await assert.rejects(gather(inputs as never), { name: 'TypeError', message })
  await assert.rejects(gather([begin], { limit: 0 }), RangeError)
  await assert.rejects(
    gather([begin], { limt: 5 } as never),
    /"limt" is not an option of gather\(\): did you mean limit\?/,
  )
})
