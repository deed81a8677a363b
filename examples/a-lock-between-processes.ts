// A lock, and what it protects, are used from processes as from threads. A process that dies lets go of nothing unseen.
import { BrokenLockError, Lock, Process, SharedValue } from 'multitask'
import { dieHolding } from './tasks/die-holding.ts'
import { incrementLocked } from './tasks/increment.ts'

const [lock, counter] = [new Lock({ name: 'counter' }), new SharedValue('i32')]
const processes = [1, 2].map(() => new Process(incrementLocked, [counter, lock, 50]).start())
await Promise.all(processes.map(each => each.join()))
console.log(counter.value)

const careless = new Process(dieHolding, [lock], { name: 'careless' }).start()
await careless.join().catch(() => {})
try {
  await lock.acquire()
} catch (error) {
  if (error instanceof BrokenLockError) console.log(error.message)
}

// Output:
// 100
// the Lock "counter" is broken: thread "careless" ended as its owner
