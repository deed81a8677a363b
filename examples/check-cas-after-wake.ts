// A mutex in one word: 0 free, 1 held, 2 held and waited for (Ulrich Drepper, Futexes Are Tricky). Whoever wakes does not
// know whether others still sleep, and must say that they may: a compare-and-exchange to 1 forgets them.
import { type BuiltTest, check } from 'multitask/checker'
import { Futex } from './tasks/futex.ts'

class Mutex {
  readonly #futex = new Futex('mutex')
  readonly #takes: (word: Futex['word']) => number

  constructor(remembersSleepers: boolean) {
    this.#takes = remembersSleepers ? word => word.exchange(2) : word => word.compareExchange(0, 1)
  }

  acquire(): void {
    const { word } = this.#futex
    let state = word.compareExchange(0, 1)
    if (state === 1) state = word.exchange(2)
    while (state !== 0) {
      this.#futex.wait(2)
      state = this.#takes(word)
    }
  }

  release(): void {
    if (this.#futex.word.exchange(0) === 2) this.#futex.wake()
  }
}

function three(remembersSleepers: boolean): BuiltTest {
  const mutex = new Mutex(remembersSleepers)
  const body = (): void => {
    mutex.acquire()
    mutex.release()
  }
  return { threads: { ann: body, bob: body, cat: body } }
}

await check(() => three(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => three(true))).coverage)

// Output:
// deadlock: cat waits at mutex.sleepers.wait
//   #  ann                        bob                           cat
//   1  mutex.compareExchange → 0
//   2  ·                          mutex.compareExchange → 1
//   3                             mutex.exchange → 1
//   4                             mutex.kernel.acquire
//   5                             mutex.load → 2
//   6                             mutex.sleepers.wait … begins
//   7                             ·                             mutex.compareExchange → 2
//   8                                                           mutex.kernel.acquire
//   9                                                           mutex.load → 2
//  10                                                           mutex.sleepers.wait … begins
//  11  mutex.exchange → 2                                       ·
//  12  mutex.kernel.acquire
//  13  mutex.sleepers.notify
//  14  mutex.kernel.release
//  15  ·                          mutex.sleepers.wait → true
//  16                             mutex.kernel.release
//  17                             mutex.compareExchange → 0
//  18                             mutex.exchange → 1
//  19                             ·                             mutex.sleepers.wait … waits
//   ✗  deadlock: cat waits at mutex.sleepers.wait
//      schedule 13, 4 switches, replay: 'A1B5C4A4B4'
// every interleaving: 5124 schedules
