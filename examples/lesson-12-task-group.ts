// A group ends when all its tasks have. If one fails the others are cancelled, and its error comes out in a group.
import { run, sleep, TaskGroup, TaskGroupError } from 'multitask'

class ValueError extends Error {}

async function log(line: string, delay: number): Promise<void> {
  await sleep(delay)
  console.log('log', line)
}

async function fail(): Promise<void> {
  await sleep(50)
  throw new ValueError('bad')
}

await run(async () => {
  await TaskGroup.run(group => {
    group.spawn(() => log('one', 100))
    group.spawn(() => log('two', 200))
  })
  console.log('all done')
  try {
    await TaskGroup.run(group => {
      group.spawn(() => log('never printed', 5000))
      group.spawn(fail)
    })
  } catch (error) {
    if (!(error instanceof TaskGroupError)) throw error
    const [bad, others] = error.split(ValueError)
    if (others !== undefined) throw others
    const messages = bad?.errors.map((each: Error) => `'${each.message}'`) ?? []
    console.log('failed', `[${messages.join(', ')}]`)
  }
})

// Output:
// log one
// log two
// all done
// failed ['bad']
