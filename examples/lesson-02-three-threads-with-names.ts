// Three threads at the same time, each with its own argument.
import { Thread } from 'multitask'

async function task(name: string): Promise<void> {
  console.log(`start ${name}`)
  await new Promise(resolve => setTimeout(resolve, 200))
  console.log(`end ${name}`)
}

const threads = [0, 1, 2].map(i => new Thread(task, [`thread-${i}`]))
for (const thread of threads) thread.start()
for (const thread of threads) await thread.join()

// Unordered output:
// start thread-0
// start thread-1
// start thread-2
// end thread-0
// end thread-2
// end thread-1
