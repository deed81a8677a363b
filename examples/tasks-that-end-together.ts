// A child that fails ends the group, but not before the others have cleaned up. No error is lost, no child left behind.
import { sleep, TaskGroup, TaskGroupError } from 'multitask'

try {
  await TaskGroup.run(async group => {
    group.spawn(async () => {
      await sleep(20)
      throw new Error('the first page is missing')
    })
    group.spawn(
      async ({ signal }) => {
        try {
          await sleep(10_000)
        } finally {
          console.log(`stopped: ${signal.reason.message}`)
        }
      },
      { name: 'second page' },
    )
    await sleep(10_000)
    console.log('never printed: the body is cancelled too')
  })
} catch (error) {
  if (error instanceof TaskGroupError) console.log(error.errors.map(String).join(', '))
}

// Output:
// stopped: the task "Task-1" beside it failed
// Error: the first page is missing
