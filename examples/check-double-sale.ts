// No threads at all: what was read before an `await` is old after it. Tasks of one event loop are checked in the same way.
import assert from 'node:assert/strict'
import { Lock, Semaphore } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function shop(lock: Lock | undefined): BuiltTest {
  const till = new Semaphore(1, { name: 'till' })
  let stock = 1
  let sold = 0
  const sell = async (): Promise<void> => {
    if (stock === 0) return
    using _turn = await till.acquire()
    stock -= 1
    sold += 1
  }
  const buy = async (): Promise<void> => (lock === undefined ? sell() : lock.with(sell))
  return { threads: { ann: buy, bob: buy }, check: () => assert.equal(sold, 1, `sold ${sold} of 1`) }
}

await check(() => shop(undefined)).catch((error: Error) => console.log(error.message))
console.log((await check(() => shop(new Lock()))).coverage)

// Output:
// check: sold 2 of 1
//   #  ann           bob
//   1  begins
//   2  ·             begins
//   3                till.acquire
//   4  till.acquire  ·
//   ✗  check: sold 2 of 1
//      schedule 4, 2 switches, replay: 'A1B2A1'
// every interleaving: 14 schedules
