// Whoever changes what others wait for has to tell them.
import { Condition, Lock, SharedValue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'

function handover(): BuiltTest {
  const changed = new Condition(new Lock({ name: 'lock' }), { name: 'changed' })
  const ready = new SharedValue('bool', false, { name: 'ready' })
  return {
    threads: {
      waits: () =>
        changed.withSync(() => {
          while (!ready.value) changed.waitSync()
        }),
      gives: () =>
        changed.withSync(() => {
          ready.value = true
          // changed.notify() is missing.
        }),
    },
  }
}

await check(handover).catch((error: Error) => console.log(error.message))

// Output:
// deadlock: waits waits at changed.wait
//   #  waits                  gives
//   1  lock.acquire
//   2  ready.value → 0
//   3  changed.wait … begins
//   4  ·                      lock.acquire
//   5                         ready.value = 1
//   6                         lock.release
//   7  changed.wait … waits   ·
//   ✗  deadlock: waits waits at changed.wait
//      the first schedule, 1 switch, replay: 'A3B3'
