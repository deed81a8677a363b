// Who was woken is not alone: another may have come first and taken what there was. So the look belongs into a loop.
import assert from 'node:assert/strict'
import { Condition, Lock, SharedValue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function shelf(looksAgain: boolean): BuiltTest {
  const changed = new Condition(new Lock({ name: 'lock' }), { name: 'changed' })
  const items = new SharedValue('i32', 0, { name: 'items' })
  const take = (): void =>
    changed.withSync(() => {
      if (looksAgain) while (items.value === 0) changed.waitSync()
      else if (items.value === 0) changed.waitSync()
      items.value -= 1
      assert.ok(items.value >= 0, 'took from an empty shelf')
    })
  const give = (): void =>
    changed.withSync(() => {
      items.value += 1
      changed.notify()
    })
  return { threads: { ann: take, bob: take, baker: give, brewer: give } }
}

await check(() => shelf(false)).catch((error: Error) => console.log(error.message))
console.log((await check(() => shelf(true))).coverage)

// Output:
// ann: took from an empty shelf
//   #  ann                    bob              baker            brewer
//   1  lock.acquire
//   2  items.value → 0
//   3  changed.wait … begins
//   4  ·                                       lock.acquire
//   5                                          items.value → 0
//   6                                          items.value = 1
//   7                                          changed.notify
//   8                                          lock.release
//   9                         lock.acquire     ·
//  10                         items.value → 1
//  11                         items.value → 1
//  12                         items.value = 0
//  13                         items.value → 0
//  14                         lock.release
//  15  changed.wait → true    ·
//  16  items.value → 0
//  17  items.value = -1
//  18  items.value → -1
//  19  lock.release
//   ✗  ann: took from an empty shelf
//      schedule 9, 3 switches, replay: 'A3C5B6A5'
// every interleaving: 48 schedules
