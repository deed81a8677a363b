// Loops that know nothing of a GIL: each turn of them is a checkpoint, as the module is transformed when it is loaded.
// In a project this takes no line of code: `node --import multitask/gil/register`.
import { Thread } from 'multitask'
import { Gil } from 'multitask/gil'
import { register } from 'multitask/transform'

register({ awaits: false, checkpoints: true })
const { longSum } = await import('./tasks/long-sum.ts')

const gil = new Gil({ switchInterval: 1 })
const ann = new Thread(longSum, [gil], { name: 'ann' }).start()
const bob = new Thread(longSum, [gil], { name: 'bob' }).start()
await ann.join()
await bob.join()

const { forced, timeline } = gil.statistics()
console.log('made to let go at least four times:', forced >= 4)
console.log('who held it:', [...new Set(timeline.map(({ thread }) => thread))].toSorted().join(', '))

// Output:
// made to let go at least four times: true
// who held it: ann, bob
