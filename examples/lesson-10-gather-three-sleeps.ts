// Three tasks wait at the same time, and their results come in the order in which they were asked for.
import { gather, run, sleep } from 'multitask'

async function task(name: string): Promise<string> {
  console.log('start', name)
  await sleep(200)
  console.log('end', name)
  return name
}

await run(async () => {
  const began = performance.now()
  const results = await gather([0, 1, 2].map(i => () => task(`task-${i}`)))
  const list = results.map(name => `'${name}'`).join(', ')
  console.log(`[${list}]`, performance.now() - began < 500 ? 'True' : 'False')
})

// Output:
// start task-0
// start task-1
// start task-2
// end task-0
// end task-1
// end task-2
// ['task-0', 'task-1', 'task-2'] True
