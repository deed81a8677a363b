// A function that is called begins when it is awaited elsewhere; a task begins at once and has a state that can be asked.
import { createTask, InvalidStateError, run, sleep } from 'multitask'

async function calculate(): Promise<string> {
  await sleep(100)
  console.log('calculated')
  return 'foo'
}

await run(async () => {
  const task = createTask(calculate)
  console.log('meanwhile')
  try {
    task.result()
  } catch (error) {
    if (error instanceof InvalidStateError) console.log('too early')
  }
  await task
  console.log('result', task.result())
})

// Output:
// meanwhile
// too early
// calculated
// result foo
