// A PriorityQueue gives its smallest item first, and equals in the order in which they were put.
import { PriorityQueue } from 'multitask'

interface Patient {
  readonly name: string
  readonly urgency: number
}

const room = new PriorityQueue<Patient>(0, { compare: (a, b) => b.urgency - a.urgency })
await room.put({ name: 'Ann has a cold', urgency: 1 })
await room.put({ name: 'Ben has a cut', urgency: 2 })
await room.put({ name: 'Cid cannot breathe', urgency: 3 })
await room.put({ name: 'Dot has a burn', urgency: 2 })
while (!room.empty) console.log((await room.get()).name)

// Numbers, strings, dates and arrays of them need no compare. What has no order is refused where it is put.
const pairs = new PriorityQueue<[number, string]>()
await pairs.put([2, 'second'])
await pairs.put([1, 'first'])
await pairs.put([Number.NaN, 'when?']).catch((error: Error) => console.log(error.message))
console.log((await pairs.get()).join(' '))
console.log((await pairs.get()).join(' '))

// Output:
// Cid cannot breathe
// Ben has a cut
// Dot has a burn
// Ann has a cold
// NaN has no place in an order
// 1 first
// 2 second
