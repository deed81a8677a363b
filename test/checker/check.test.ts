/** What `check` finds, and how it tells of it. The numbers and the replays are the same on every runtime. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Barrier,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  SharedArray,
  SharedQueue,
  sharedStruct,
  SharedValue,
} from 'multitask'
import { type BuiltTest, check, CheckError, type CheckOptions } from 'multitask/checker'
import { failureOf } from '../fixtures/failure-of.ts'

async function coverageOf(program: () => BuiltTest, options?: CheckOptions): Promise<string> {
  return (await check(program, options)).coverage
}

const lostUpdate = {
  setup: () => ({ counter: new SharedValue('i32') }),
  threads: [1, 2].map(
    () =>
      ({ counter }: { counter: SharedValue<'i32'> }) =>
        void (counter.value += 1),
  ),
  check: ({ counter }: { counter: SharedValue<'i32'> }) => assert.equal(counter.value, 2, `it is ${counter.value}`),
}

void test('a lost update is found, drawn, and found again by its replay', async () => {
  const { message, schedule } = await failureOf(lostUpdate)
  assert.equal(
    message,
    [
      'check: it is 1',
      '  #  T1                 T2',
      '  1  counter.value → 0',
      '  2  ·                  counter.value → 0',
      '  3                     counter.value = 1',
      '  4  counter.value = 1  ·',
      '  ✗  check: it is 1',
      "     schedule 4, 2 switches, replay: 'A1B2A1'",
    ].join('\n'),
  )
  assert.equal(schedule.replay, 'A1B2A1')
  const again = await failureOf(lostUpdate, { replay: schedule.replay })
  assert.equal(again.schedule.found, 1)
  assert.deepEqual(again.schedule.steps, schedule.steps)
})

void test('a replay of a schedule with which nothing is wrong passes', async () => {
  const { schedules } = await check(lostUpdate, { replay: 'A2B2', races: false })
  assert.equal(schedules, 1)
})

void test('each operation on a record is a step', async () => {
  const Account = sharedStruct({ balance: 'i32', owner: 'u8' })
  const { schedule } = await failureOf(() => {
    const account = new Account({}, { name: 'account' })
    const pay = (): void => account.store('balance', account.load('balance') + 1)
    return { threads: [pay, pay], check: () => assert.equal(account.balance, 2) }
  })
  assert.equal(schedule.replay, 'A1B2A1')
  const safe = await check(() => {
    const account = new Account({}, { name: 'account' })
    const pay = (): void => void account.add('balance', 1)
    return { threads: [pay, pay], check: () => account.balance }
  })
  assert.deepEqual(safe.outcomes, [2])
})

void test('three threads with one lock have six schedules', async () => {
  const coverage = await coverageOf(() => {
    const lock = new Lock()
    const counter = new SharedValue('i32')
    const body = (): void => lock.withSync(() => void (counter.value += 1))
    return { threads: [body, body, body], check: () => assert.equal(counter.value, 3) }
  })
  assert.equal(coverage, 'every interleaving: 6 schedules')
})

void test('every outcome is listed', async () => {
  const report = await check(() => {
    const counter = new SharedValue('i32')
    const body = (): void => {
      for (let i = 0; i < 3; i++) counter.store(counter.load() + 1)
    }
    return { threads: [body, body], check: () => counter.value }
  })
  assert.deepEqual(report.outcomes, [2, 3, 4, 5, 6])
  assert.equal(report.coverage, 'every interleaving: 210 schedules')
})

void test('locks that are taken in two orders are a deadlock, which is told with the circle', async () => {
  const { schedule } = await failureOf(() => {
    const a = new Lock({ name: 'a' })
    const b = new Lock({ name: 'b' })
    return {
      threads: {
        ann: () => a.withSync(() => b.withSync(() => {})),
        bob: () => b.withSync(() => a.withSync(() => {})),
      },
    }
  })
  assert.equal(schedule.kind, 'deadlock')
  assert.equal(schedule.reason, 'deadlock: ann waits at b.acquire, held by bob; bob waits at a.acquire, held by ann')
  assert.equal(schedule.replay, 'A1B1')
})

void test('a philosopher who takes the left fork first starves with all others', async () => {
  const { schedule } = await failureOf(() => {
    const forks = [0, 1, 2].map(number => new Lock({ name: `fork ${number}` }))
    const dine = (seat: number) => (): void => forks[seat]!.withSync(() => forks[(seat + 1) % 3]!.withSync(() => {}))
    return { threads: [dine(0), dine(1), dine(2)] }
  })
  assert.equal(schedule.kind, 'deadlock')
  assert.equal(schedule.replay, 'A1C1B1')
})

function waits(options: { readonly notifies: boolean; readonly loops?: boolean }): BuiltTest {
  const condition = new Condition(new Lock(), { name: 'changed' })
  const ready = new SharedValue('bool', false, { name: 'ready' })
  return {
    threads: {
      waiter: () =>
        condition.withSync(() => {
          while (!ready.value) condition.waitSync()
        }),
      giver: () =>
        condition.withSync(() => {
          ready.value = true
          if (options.notifies) condition.notify()
        }),
    },
  }
}

void test('a forgotten notify is a wait for ever', async () => {
  assert.equal(await coverageOf(() => waits({ notifies: true })), 'every interleaving: 2 schedules')
  const { schedule } = await failureOf(() => waits({ notifies: false }))
  assert.equal(schedule.reason, 'deadlock: waiter waits at changed.wait')
  assert.equal(schedule.steps.at(-1)!.text, 'changed.wait … waits')
})

void test('a look at what is protected without the lock misses the wake-up', async () => {
  const { schedule } = await failureOf(() => {
    const condition = new Condition(new Lock(), { name: 'changed' })
    const ready = new SharedValue('bool')
    return {
      threads: {
        waiter: () => {
          if (ready.load()) return
          condition.withSync(() => void condition.waitSync())
        },
        giver: () => {
          ready.store(true)
          condition.withSync(() => condition.notify())
        },
      },
    }
  })
  assert.equal(schedule.kind, 'deadlock')
})

void test('an if where a while should be lets a thread find nothing', async () => {
  const { schedule } = await failureOf(() => {
    const condition = new Condition(new Lock())
    const items = new SharedValue('i32')
    const take = (): void =>
      condition.withSync(() => {
        if (items.value === 0) condition.waitSync()
        items.value -= 1
        assert.ok(items.value >= 0, 'took from an empty shelf')
      })
    const give = (): void =>
      condition.withSync(() => {
        items.value += 1
        condition.notify()
      })
    return { threads: { take1: take, take2: take, give, giveToo: give } }
  })
  assert.match(schedule.reason, /took from an empty shelf/)
})

void test('a Condition that is used without its lock is an error of that thread', async () => {
  const { schedule } = await failureOf(() => {
    const condition = new Condition(new Lock(), { name: 'changed' })
    return { threads: { ann: () => condition.notify() } }
  })
  assert.equal(schedule.reason, 'ann: cannot notify the Condition "changed": the caller does not hold its lock')
})

void test('time that is up is a branch', async () => {
  const report = await check(() => {
    const lock = new Lock()
    const late = new SharedValue('bool')
    const patient = (): void => lock.withSync(() => {})
    const hasty = (): void => {
      try {
        lock.acquireSync({ timeout: 1000 }).release()
      } catch {
        late.store(true)
      }
    }
    return { threads: { patient, hasty }, check: () => (late.load() ? 'late' : 'in time') }
  })
  assert.deepEqual(report.outcomes, ['in time', 'late'])
  assert.ok(report.complete)
})

const settingEvent = (clears: boolean) => (): BuiltTest => {
  const event = new Event({ name: 'go' })
  return {
    threads: {
      waiter: () => assert.ok(event.waitSync()),
      giver: () => {
        event.set()
        if (clears) event.clear()
      },
    },
  }
}

void test('an event that is set and cleared wakes whoever waited before', async () => {
  assert.equal(await coverageOf(settingEvent(false)), 'every interleaving: 2 schedules')
  // Whoever comes after the clear waits for ever; whoever came before the set does not.
  const { schedule } = await failureOf(settingEvent(true))
  assert.equal(schedule.reason, 'deadlock: waiter waits at go.wait')
  assert.equal(schedule.replay, 'B2A1')
})

const two = (body: () => void): BuiltTest => ({ threads: [body, body] })

void test('barriers, semaphores and RLocks need few schedules', async () => {
  const barrier = await coverageOf(() => {
    const meeting = new Barrier(2)
    return two(() => void meeting.waitSync())
  })
  assert.equal(barrier, 'every interleaving: 2 schedules')
  const semaphore = await coverageOf(() => {
    const permits = new Semaphore(1)
    return two(() => permits.withSync(() => {}))
  })
  assert.equal(semaphore, 'every interleaving: 2 schedules')
  const rlock = await coverageOf(() => {
    const lock = new RLock()
    return two(() => lock.withSync(() => lock.withSync(() => {})))
  })
  assert.equal(rlock, 'every interleaving: 2 schedules')
})

void test('a SharedQueue keeps its order, and hands each item to one', async () => {
  const order = await coverageOf(() => {
    const queue = new SharedQueue<number>(1, { bytes: 1024 })
    return {
      threads: {
        producer: () => {
          queue.putSync(1)
          queue.putSync(2)
        },
        consumer: () => assert.deepEqual([queue.getSync(), queue.getSync()], [1, 2]),
      },
    }
  })
  assert.match(order, /^every interleaving: /)
  const each = await check(() => {
    const queue = new SharedQueue<number>(0, { bytes: 1024 })
    const sum = new SharedArray('i32', 1)
    const take = (): void => void sum.add(0, queue.getSync())
    return {
      threads: [() => queue.putSync(1), () => queue.putSync(2), take, take],
      check: () => assert.equal(sum.load(0), 3),
    }
  })
  assert.ok(each.complete)
})

void test('a queue that nobody fills is waited for in vain', async () => {
  const { schedule } = await failureOf(() => {
    const queue = new SharedQueue<number>(0, { name: 'jobs' })
    return { threads: { consumer: () => void queue.getSync() } }
  })
  assert.equal(schedule.reason, 'deadlock: consumer waits at jobs.get')
})

const looking = (sets: boolean) => (): BuiltTest => {
  const flag = new SharedValue('i32', 0, { name: 'flag' })
  return {
    threads: {
      looks: () => {
        while (flag.load() === 0);
      },
      sets: () => {
        if (sets) flag.store(1)
      },
    },
  }
}

void test('a loop that waits by looking comes to its end, and one that cannot is a livelock', async () => {
  assert.ok((await check(looking(true), { random: 0, bounds: [0, 1], schedules: 100 })).schedules > 0)
  const { schedule } = await failureOf(looking(false), { maxSteps: 50 })
  assert.equal(schedule.kind, 'livelock')
})

void test('a data race is an error even if nothing came of it', async () => {
  const program = {
    setup: () => ({ flag: new SharedValue('i32'), data: new SharedValue('i32') }),
    threads: {
      ann: ({ data }: { data: SharedValue<'i32'> }) => void (data.value = 1),
      bob: ({ data }: { data: SharedValue<'i32'> }) => void data.value,
    },
  }
  const { schedule } = await failureOf(program)
  assert.equal(schedule.kind, 'race')
  assert.equal(schedule.reason, 'data race on data.value: ann writes, bob reads, and nothing orders the two')
  assert.ok((await check(program, { races: false })).complete)
})

void test('what an atomic access orders is no race', async () => {
  const report = await check(() => {
    const ready = new SharedValue('i32')
    const data = new SharedValue('i32')
    return {
      threads: [
        () => {
          data.value = 7
          ready.store(1)
        },
        () => {
          if (ready.load() === 1) assert.equal(data.value, 7)
        },
      ],
    }
  })
  assert.ok(report.complete)
})

void test('a program that depends on chance is told so', async () => {
  let calls = 0
  const { schedule } = await failureOf(() => {
    const one = new SharedValue('i32')
    const body = (): void => {
      if (calls++ % 2 === 0) one.load()
      else one.store(1)
      one.load()
    }
    return { threads: [body, body] }
  })
  assert.equal(schedule.kind, 'nondeterminism')
  assert.match(schedule.reason, /did something else when it was run again/)
})

void test('a thread that catches everything is stopped all the same', async () => {
  const { coverage } = await check(() => {
    const one = new SharedValue('i32')
    const body = (): void => {
      try {
        one.add(1)
        one.add(1)
      } catch {
        // All of it.
      }
    }
    return { threads: [body, body], check: () => assert.equal(one.load(), 4) }
  })
  assert.equal(coverage, 'every interleaving: 6 schedules')
})

void test('an error of a thread is the cause', async () => {
  const found = await failureOf(() => ({
    threads: {
      ann: () => {
        throw new RangeError('no such thing')
      },
    },
  }))
  assert.equal(found.schedule.reason, 'ann: no such thing')
  assert.ok(found.cause instanceof RangeError)
  assert.equal(found.code, 'ERR_CHECK')
})

void test('a failure with many switches is shown with fewer', async () => {
  const { schedule } = await failureOf(
    () => {
      const counter = new SharedValue('i32')
      const body = (): void => {
        for (let i = 0; i < 3; i++) counter.store(counter.load() + 1)
      }
      return { threads: [body, body], check: () => assert.equal(counter.value, 6) }
    },
    { bounds: [], random: 1000 },
  )
  assert.equal(schedule.switches, 2)
})

const atRandom = (seed: number): Promise<CheckError> => failureOf(lostUpdate, { bounds: [0], seed })

void test('schedules at random are the same for the same seed', async () => {
  assert.equal((await atRandom(3)).message, (await atRandom(3)).message)
})

const threeInLock = (): BuiltTest => {
  const lock = new Lock()
  const body = (): number => lock.withSync(() => lock.statistics().waiters)
  return { threads: [body, body, body] }
}

void test('checks can run beside each other, and leave nothing behind', async () => {
  const own = new Lock()
  own.acquireSync()
  const reports = await Promise.all([check(threeInLock), check(threeInLock), check(threeInLock)])
  for (const { coverage } of reports) assert.match(coverage, /^every interleaving: /)
  assert.equal(own.locked, true)
  own.release()
})

const empty = (): BuiltTest => ({ threads: [() => {}] })

void test('bad options and bad tests are refused in one sentence', async () => {
  await assert.rejects(check(empty, { replay: 'B3a7' }), /^TypeError: replay must be a schedule such as 'B3A7B2'/)
  await assert.rejects(check(empty, { steps: 'lines' as never }), /^TypeError: steps must be/)
  await assert.rejects(check((() => 5) as never), /^TypeError: the test must return \{ threads, check \}, not 5/)
  await assert.rejects(
    check(() => ({ threads: [] })),
    /^TypeError: there must be 1 to 26 threads, not 0/,
  )
  await assert.rejects(
    check(() => ({ threads: [5 as never] })),
    /^TypeError: thread T1 must be a function, not 5/,
  )
})
