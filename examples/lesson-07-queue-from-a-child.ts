// A SharedQueue goes to a process as it goes to a thread. Its memory stays here, and the child reaches it from there.
import { Process, SharedQueue } from 'multitask'
import { greet } from './tasks/greet.ts'

const queue = new SharedQueue<unknown>()
const child = new Process(greet, [queue]).start()
console.log(await queue.get())
console.log(JSON.stringify(await queue.get()))
await child.join()

// Output:
// hello from the child
// ["any","value",{"n":3}]
