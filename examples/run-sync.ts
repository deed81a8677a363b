// A thread that needs something of the loop that owns it, and is blocked until it has it.
import { isMain, runSync, sleep, task, Thread } from 'multitask'

// The state of the program's own thread. The thread has a copy of the module, in which it stays empty.
const cache = new Map<string, number>()

const lookUp = task(async function lookUp(key: string): Promise<number> {
  await sleep(10)
  cache.set(key, key.length)
  return key.length
})

const measure = task(function measure(keys: readonly string[]): string {
  const lengths = keys.map(key => runSync.with({ timeout: 5000 })(lookUp, key))
  return `${lengths.join(' + ')}, ${cache.size} here`
})

if (isMain) {
  const thread = new Thread(measure, [['one', 'three']]).start()
  console.log(await thread.join())
  console.log(cache.size, 'on the loop')
}
// Output:
// 3 + 5, 0 here
// 2 on the loop
