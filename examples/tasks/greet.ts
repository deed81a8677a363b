import { type SharedQueue, task } from 'multitask'

export const greet = task(async function greet(queue: SharedQueue<unknown>): Promise<void> {
  await queue.put('hello from the child')
  await queue.put(['any', 'value', { n: 3 }])
})
