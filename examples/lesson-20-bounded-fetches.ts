// Ten fetches, three at a time: with a semaphore, as in Python, and with the limit that gather has by itself.
import { gather, run, Semaphore, sleep } from 'multitask'

let active = 0
let peak = 0

async function fetchPage(n: number): Promise<number> {
  active++
  peak = Math.max(peak, active)
  await sleep(20)
  active--
  return n
}

const numbers = Array.from({ length: 10 }, (_, n) => n)

await run(async () => {
  const limit = new Semaphore(3)
  const pages = await gather(numbers.map(n => () => limit.with(() => fetchPage(n))))
  console.log(`[${pages.join(', ')}]`, 'peak', peak)

  peak = 0
  const again = await gather(
    numbers.map(n => () => fetchPage(n)),
    { limit: 3 },
  )
  if (peak !== 3 || again.join() !== pages.join()) throw new Error('the limit of gather is not the same')
})

// Output:
// [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] peak 3
