// A call on a thread, a task and a function are gathered together. The first failure stops all three, the thread's work too.
import { createTask, gather, run, sleep, ThreadPoolExecutor } from 'multitask'

await run(async () => {
  await using pool = new ThreadPoolExecutor({ maxWorkers: 2 })
  const results = await gather({
    call: pool.submit((n: number) => n * n, 12),
    task: createTask(() => sleep(20, 'a task')),
    later: () => sleep(10, 'a function'),
  })
  console.log(Object.values(results).join(', '))

  const endless = pool.submit(() => new Promise(() => {}))
  try {
    await gather([
      endless,
      async () => {
        await sleep(50)
        throw new Error('the page is missing')
      },
    ])
  } catch (error) {
    console.log(String(error), '- the thread goes on:', !endless.done())
  }
})

// Output:
// 144, a task, a function
// Error: the page is missing - the thread goes on: false
