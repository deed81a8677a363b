// In a cancelled task every wait throws. What has to be done all the same is done in a shield, with a time limit.
import { createTask, shield, sleep } from 'multitask'

const task = createTask(async () => {
  try {
    await sleep(10_000)
  } finally {
    await shield(
      async () => {
        await sleep(10)
        console.log('saved')
      },
      { timeout: 1000 },
    )
  }
})
task.cancel('shutting down')
await task.catch(error => console.log(error.message))

// Output:
// saved
// shutting down
