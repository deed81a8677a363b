// Two threads add to one number. Most of the time the sum is right; `check` finds the order in which it is not.
import assert from 'node:assert/strict'
import { SharedValue } from 'multitask'
import { check } from 'multitask/checker'

const test = {
  setup: () => ({ counter: new SharedValue('i32') }),
  threads: {
    ann: ({ counter }: { counter: SharedValue<'i32'> }) => void (counter.value += 1),
    bob: ({ counter }: { counter: SharedValue<'i32'> }) => void (counter.value += 1),
  },
  check: ({ counter }: { counter: SharedValue<'i32'> }) => assert.equal(counter.value, 2, `it is ${counter.value}`),
}

await check(test).catch((error: Error) => console.log(error.message))

// Output:
// check: it is 1
//   #  ann                bob
//   1  counter.value → 0
//   2  ·                  counter.value → 0
//   3                     counter.value = 1
//   4  counter.value = 1  ·
//   ✗  check: it is 1
//      schedule 4, 2 switches, replay: 'A1B2A1'
