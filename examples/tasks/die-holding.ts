import { type Lock, task } from 'multitask'

export const dieHolding = task(function dieHolding(lock: Lock): void {
  lock.acquireSync()
  process.kill(process.pid, 'SIGKILL')
  for (;;);
})
