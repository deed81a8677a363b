// Two threads add to one number. Most of the time the sum is right; `check` finds the order in which it is not.
import assert from 'node:assert/strict'
import { SharedValue } from 'multitask'
import { check } from 'multitask/checker'

await check(() => {
  const counter = new SharedValue('i32', 0, { name: 'counter' })
  const add = (): void => void (counter.value += 1)
  return { threads: [add, add], check: () => assert.equal(counter.value, 2, `it is ${counter.value}`) }
}).catch((error: Error) => console.log(error.message))

// Output:
// check: it is 1
//   #  T1                 T2
//   1  counter.value → 0
//   2  ·                  counter.value → 0
//   3                     counter.value = 1
//   4  counter.value = 1  ·
//   ✗  check: it is 1
//      schedule 4, 2 switches, replay: 'A1B2A1'
