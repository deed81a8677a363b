// Two threads that calculate, under a GIL: one of them runs at a time, as in Python, and they take turns.
import { SharedValue, Thread } from 'multitask'
import { Gil } from 'multitask/gil'
import { takeTurns } from './tasks/turns.ts'

const gil = new Gil({ switchInterval: 1 })
const inside = new SharedValue('i32')
const ann = new Thread(takeTurns, [gil, inside], { name: 'ann' }).start()
const bob = new Thread(takeTurns, [gil, inside], { name: 'bob' }).start()
const together = [await ann.join(), await bob.join()]

const { forced, timeline } = gil.statistics()
console.log('both at once:', together.includes(true))
console.log('made to let go at least four times:', forced >= 4)
console.log('who held it:', [...new Set(timeline.map(({ thread }) => thread))].toSorted().join(', '))

// Output:
// both at once: false
// made to let go at least four times: true
// who held it: ann, bob
