import { task } from 'multitask'

/** Prints when it begins and when it ends, and ends when three have begun. `started`: shared memory, which is never copied. */
export const meetOthers = task(function meetOthers(name: string, started: Int32Array): void {
  console.log(`start ${name}`)
  Atomics.add(started, 0, 1)
  Atomics.notify(started, 0)
  for (let count = Atomics.load(started, 0); count < 3; count = Atomics.load(started, 0))
    Atomics.wait(started, 0, count)
  console.log(`end ${name}`)
})
