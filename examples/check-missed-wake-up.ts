// A look without the lock, then a wait: the notification may come between the two, and wakes nobody.
import { Condition, Lock, SharedValue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function handover(looksUnderTheLock: boolean): BuiltTest {
  const changed = new Condition(new Lock({ name: 'lock' }), { name: 'changed' })
  const ready = new SharedValue('bool', false, { name: 'ready' })
  const waitsLater = (): void => {
    if (ready.load()) return
    changed.withSync(() => void changed.waitSync())
  }
  const waits = (): void => changed.withSync(() => void changed.waitForSync(() => ready.load()))
  const gives = (): void => {
    ready.store(true)
    changed.withSync(() => changed.notify())
  }
  return { threads: { waits: looksUnderTheLock ? waits : waitsLater, gives } }
}

await check(() => handover(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => handover(true))).coverage)

// Output:
// deadlock: waits waits at changed.wait
//   #  waits                  gives
//   1  ready.load → false
//   2  ·                      ready.store
//   3                         lock.acquire
//   4                         changed.notify
//   5                         lock.release
//   6  lock.acquire           ·
//   7  changed.wait … begins
//   8  changed.wait … waits
//   ✗  deadlock: waits waits at changed.wait
//      schedule 5, 2 switches, replay: 'A1B4A2'
// every interleaving: 5 schedules
