// start() waits until the task says that it is ready, as a server does that listens.
import { sleep, TaskGroup } from 'multitask'

await TaskGroup.run(async group => {
  const port = await group.start<number>(async context => {
    await sleep(10)
    context.ready(8080)
    try {
      await sleep(10_000)
    } finally {
      console.log('closed')
    }
  })
  console.log('listens at', port)
  group.cancel()
})

// Output:
// listens at 8080
// closed
