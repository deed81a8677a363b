// A function on a thread as a part of a task: when the group is cancelled, its thread is stopped.
import { isMain, task, TaskGroup, timeout, TimeoutError, toThread } from 'multitask'

const countPrimes = task(function countPrimes(limit: number): number {
  let count = 0
  for (let n = 2; n < limit; n++) {
    let isPrime = true
    for (let d = 2; d * d <= n && isPrime; d++) isPrime = n % d !== 0
    if (isPrime) count++
  }
  return count
})

if (isMain) {
  await TaskGroup.run(async group => {
    const small = group.spawn(() => toThread(countPrimes, 1000))
    const large = group.spawn(() => toThread(countPrimes, 100_000))
    console.log(await small, await large)
  })
  try {
    await timeout(300, async () => {
      await toThread.with({ grace: 10 })(countPrimes, 1e15)
    })
  } catch (error) {
    if (error instanceof TimeoutError) console.log('stopped')
  }
}
// Output:
// 168 9592
// stopped
