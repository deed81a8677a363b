// dumpTasks() shows who does what, and for what they wait.
import { once } from 'node:events'
import { dumpTasks, run, sleep, TaskGroup, timeout } from 'multitask'

await run(
  () =>
    TaskGroup.run(
      async group => {
        group.spawn(() => timeout(5000, () => sleep(1000)), { name: 'fetch' })
        group.spawn(({ signal }) => once(signal, 'abort'), { name: 'something of its own' })
        // Ages differ from run to run.
        console.log(dumpTasks().replaceAll(/, \d+ ms/g, ''))
        group.cancel()
      },
      { name: 'crawl' },
    ),
  { name: 'main' },
)

// Output:
// run(): running
// └─ task "main": running
//    └─ TaskGroup "crawl": running
//       ├─ task "fetch": running
//       │  └─ timeout of 5000 ms: running, waits for sleep of 1000 ms
//       └─ task "something of its own": running
