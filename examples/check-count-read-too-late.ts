// A condition variable that counts its notifications: who waits reads the count, lets go of the lock, and sleeps if nobody has
// counted since. Read after the lock was let go of, the count may already hold the notification that one waits for.
import { Lock, SharedValue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'
import { Futex } from './tasks/futex.ts'

class CountingCondition {
  readonly #count = new Futex('count')
  readonly #lock: Lock
  readonly #readsInTime: boolean

  constructor(lock: Lock, readsInTime: boolean) {
    this.#lock = lock
    this.#readsInTime = readsInTime
  }

  wait(): void {
    const early = this.#count.word.load()
    this.#lock.release()
    this.#count.wait(this.#readsInTime ? early : this.#count.word.load())
    this.#lock.acquireSync()
  }

  notify(): void {
    this.#count.word.add(1)
    this.#count.wake()
  }
}

function handover(readsInTime: boolean): BuiltTest {
  const lock = new Lock({ name: 'lock' })
  const changed = new CountingCondition(lock, readsInTime)
  const ready = new SharedValue('bool', false, { name: 'ready' })
  return {
    threads: {
      waits: () => {
        lock.acquireSync()
        while (!ready.value) changed.wait()
        lock.release()
      },
      gives: () => {
        lock.withSync(() => {
          ready.value = true
          changed.notify()
        })
      },
    },
  }
}

await check(() => handover(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => handover(true))).coverage)

// Output:
// deadlock: waits waits at count.sleepers.wait
//   #  waits                         gives
//   1  lock.acquire
//   2  ready.value → 0
//   3  count.load → 0
//   4  lock.release
//   5  ·                             lock.acquire
//   6                                ready.value = 1
//   7                                count.add → 0
//   8                                count.kernel.acquire
//   9                                count.sleepers.notify
//  10                                count.kernel.release
//  11                                lock.release
//  12  count.load → 1                ·
//  13  count.kernel.acquire
//  14  count.load → 1
//  15  count.sleepers.wait … begins
//  16  count.sleepers.wait … waits
//   ✗  deadlock: waits waits at count.sleepers.wait
//      schedule 8, 2 switches, replay: 'A4B7A4'
// every interleaving: 4 schedules
