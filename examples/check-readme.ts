// A deadlock that hardly ever happens, found in ten lines.
import { Lock } from 'multitask'
import { check } from 'multitask/checker'

await check(() => {
  const a = new Lock({ name: 'a' })
  const b = new Lock({ name: 'b' })
  const ann = () => a.withSync(() => b.withSync(() => {}))
  const bob = () => b.withSync(() => a.withSync(() => {}))
  return { threads: { ann, bob } }
}).catch((error: Error) => console.log(error.message))

// Output:
// deadlock: ann waits at b.acquire, held by bob; bob waits at a.acquire, held by ann
//   #  ann                bob
//   1  a.acquire
//   2  ·                  b.acquire
//   3  b.acquire … waits  ·
//   4  ·                  a.acquire … waits
//   ✗  deadlock: ann waits at b.acquire, held by bob; bob waits at a.acquire, held by ann
//      schedule 5, 1 switch, replay: 'A1B1'
