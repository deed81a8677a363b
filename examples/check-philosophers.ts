// Dijkstra's philosophers: each takes the fork on the left, then the one on the right. One of them has to be different.
import { Lock } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function dine(left: Lock, right: Lock): void {
  left.withSync(() => right.withSync(() => {}))
}

function dinner(oneIsDifferent: boolean): BuiltTest {
  const forks = [1, 2, 3].map(number => new Lock({ name: `fork${number}` }))
  return {
    threads: {
      Plato: () => dine(forks[0]!, forks[1]!),
      Hypatia: () => dine(forks[1]!, forks[2]!),
      Kant: () => (oneIsDifferent ? dine(forks[0]!, forks[2]!) : dine(forks[2]!, forks[0]!)),
    },
  }
}

await check(() => dinner(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => dinner(true))).coverage)

// Output:
// deadlock: Plato waits at fork2.acquire, held by Hypatia; Hypatia waits at fork3.acquire, held by Kant; Kant waits at fork1.acquire, held by Plato
//   #  Plato                  Hypatia                Kant
//   1  fork1.acquire
//   2  ·                                             fork3.acquire
//   3                         fork2.acquire          ·
//   4  fork2.acquire … waits  ·
//   5  ·                      fork3.acquire … waits
//   6                         ·                      fork1.acquire … waits
//   ✗  deadlock: Plato waits at fork2.acquire, held by Hypatia; Hypatia waits at fork3.acquire, held by Kant; Kant waits at fork1.acquire, held by Plato
//      schedule 25, 2 switches, replay: 'A1C1B1'
// every interleaving: 6 schedules
