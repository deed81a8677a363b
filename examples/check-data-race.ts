// A letter and a flag, both set by plain accesses. In the order of the program the reader never sees the flag without the
// letter; but nothing orders the two for a processor, so that it is an error even if nothing came of it.
import assert from 'node:assert/strict'
import { SharedValue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function post(isOrdered: boolean): BuiltTest {
  const letter = new SharedValue('i32', 0, { name: 'letter' })
  const sent = new SharedValue('bool', false, { name: 'sent' })
  return {
    threads: {
      ann: () => {
        letter.value = 7
        if (isOrdered) sent.store(true)
        else sent.value = true
      },
      bob: () => {
        const hasCome = isOrdered ? sent.load() : sent.value
        if (hasCome) assert.equal(letter.value, 7)
      },
    },
  }
}

await check(() => post(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => post(true))).coverage)

// Output:
// data race on sent.value: ann writes, bob reads, and nothing orders the two
//   #  ann               bob
//   1  letter.value = 7
//   2  sent.value = 1
//   3  ·                 sent.value → 1
//   4                    letter.value → 7
//   ✗  data race on sent.value: ann writes, bob reads, and nothing orders the two
//      the first schedule, 1 switch, replay: 'A2B2'
// every interleaving: 3 schedules
