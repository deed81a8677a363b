/** A thread that is ended while it waits takes nothing with it: what it was called for goes to another. */
import assert from 'node:assert/strict'
import { Event, type Executor, Lock, Semaphore } from 'multitask'
import { casesWithThreads } from '../conformance/sync-cases.ts'
import { Gate } from '../fixtures/gate.ts'
import { waitAndSpin } from '../fixtures/sync-tasks.ts'
import { type Acquirable, type Awaitable, untilWaiting, visit, waitFor, waiters, workers } from '../fixtures/waiters.ts'

interface Kind {
  readonly type: string
  /** One that has to be waited for. */
  readonly make: () => Acquirable | Awaitable
  readonly give: (thing: Acquirable | Awaitable) => void
}

const kinds: readonly Kind[] = [
  {
    type: 'Lock',
    make: () => {
      const lock = new Lock()
      lock.acquireSync()
      return lock
    },
    give: thing => (thing as Lock).release(),
  },
  { type: 'Semaphore', make: () => new Semaphore(0), give: thing => (thing as Semaphore).release() },
  { type: 'Event', make: () => new Event(), give: thing => (thing as Event).set() },
]

for (const { type, make, give } of kinds) {
  const check = casesWithThreads(type)
  const action = (type === 'Event' ? waitFor : visit) as typeof visit

  for (const victim of workers) {
    check(`${victim.name} is ended while it waits, and then all others get it`, async ({ pool, gate }) => {
      const thing = make() as Acquirable
      const { doomed, end } = withEnd(pool)
      const dying = assert.rejects(victim.start(doomed, action, thing, new Gate().words), { name: 'CancelledError' })
      await untilWaiting(1)
      const waiting = waiters.map(waiter => waiter.start(pool, action, thing, gate.words))
      await untilWaiting(4)
      gate.open()
      end()
      await dying
      give(thing)
      await Promise.all(waiting)
    })
  }

  for (const survivor of waiters) {
    check(`a thread is called that is busy, and ended, and then ${survivor.name} gets it`, async ({ pool, gate }) => {
      const thing = make()
      const busy = new Gate()
      const { doomed, end } = withEnd(pool)
      const dying = assert.rejects(doomed.submit(waitAndSpin, thing, busy.words), { name: 'CancelledError' })
      await busy.whenStarted(1)
      const waiting = survivor.start(pool, action, thing as Acquirable, gate.words)
      await untilWaiting(2)
      gate.open()
      give(thing)
      end()
      await dying
      await waiting
      // Where a busy thread cannot be ended, this does it.
      busy.open()
    })
  }
}

/** The pool, and what ends all that was begun through it. */
function withEnd(pool: Executor): { doomed: Executor; end: () => void } {
  const controller = new AbortController()
  const doomed = pool.with({ signal: controller.signal, grace: 0 })
  return { doomed, end: () => controller.abort() }
}
