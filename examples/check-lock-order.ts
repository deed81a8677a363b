// Two locks, taken in two orders: a deadlock, though a rare one. With one order for all there is none.
import { Lock } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function move(from: Lock, to: Lock): void {
  from.withSync(() => to.withSync(() => {}))
}

function transfers(inOneOrder: boolean): BuiltTest {
  const savings = new Lock({ name: 'savings' })
  const current = new Lock({ name: 'current' })
  return {
    threads: {
      ann: () => move(savings, current),
      bob: () => (inOneOrder ? move(savings, current) : move(current, savings)),
    },
  }
}

await check(() => transfers(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => transfers(true))).coverage)

// Output:
// deadlock: ann waits at current.acquire, held by bob; bob waits at savings.acquire, held by ann
//   #  ann                      bob
//   1  savings.acquire
//   2  ·                        current.acquire
//   3  current.acquire … waits  ·
//   4  ·                        savings.acquire … waits
//   ✗  deadlock: ann waits at current.acquire, held by bob; bob waits at savings.acquire, held by ann
//      schedule 5, 1 switch, replay: 'A1B1'
// every interleaving: 2 schedules
