import { task } from 'multitask'

export class ValueError extends Error {
  override name = 'ValueError'
}

/** Takes n tenths of a second. Rejects for 2. */
export const work = task(async function work(n: number): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, n * 100))
  if (n === 2) throw new ValueError('two is bad')
  return n
})
