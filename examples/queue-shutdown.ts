// Shutting a queue down tells everybody who waits. What it still holds can be taken, or is dropped.
import { Queue, QueueShutDown } from 'multitask'

const letters = new Queue<string>(2, { name: 'letters' })
await letters.put('a')
await letters.put('b')
const late = letters.put('c').catch((error: Error) => console.log(error.message))

letters.shutdown()
await late
console.log(await letters.get())
console.log(await letters.get())
await letters.get().catch((error: unknown) => console.log(error instanceof QueueShutDown))

const jobs = new Queue<string>()
await jobs.put('will not be done')
jobs.shutdown({ immediate: true })
await jobs.join()
console.log(jobs)

// Output:
// cannot put into the Queue "letters": it was shut down
// a
// b
// true
// Queue { 0 items, shut down }
