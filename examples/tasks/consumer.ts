import { type SharedQueue, task } from 'multitask'

/** Takes items until it gets null. */
export const consumer = task(async function consumer(queue: SharedQueue<number | null>): Promise<void> {
  for (let item = await queue.get(); item !== null; item = await queue.get()) {
    console.log(`consumed ${item}`)
    queue.taskDone()
  }
  queue.taskDone()
})
