// terminate() ends a thread where it is. What it held is broken, so that nobody waits for it in vain.
import { BrokenLockError, CancelledError, Lock, Thread } from 'multitask'
import { holdForEver } from './tasks/hold-for-ever.ts'

const lock = new Lock({ name: 'accounts' })
const thread = new Thread(holdForEver, [lock], { name: 'clerk' }).start()
while (!lock.locked) await new Promise(resolve => setTimeout(resolve, 1))
thread.terminate()
try {
  await thread.join()
} catch (error) {
  console.log(error instanceof CancelledError)
}
try {
  await lock.acquire()
} catch (error) {
  console.log(error instanceof BrokenLockError, (error as Error).message)
}

// Output:
// true
// true the Lock "accounts" is broken: thread "clerk" ended as its owner
