// In a test, time passes by a clock that jumps to the next alarm as soon as all tasks wait.
import { moveOnAfter, sleep, TaskGroup } from 'multitask'
import { VirtualClock } from 'multitask/testing'

const hour = 3_600_000
using clock = new VirtualClock()
const { timedOut } = await moveOnAfter(24 * hour, () =>
  TaskGroup.run(group => {
    group.spawn(async () => {
      for (;;) {
        await sleep(8 * hour)
        console.log('backup at', clock.elapsed / hour)
      }
    })
  }),
)
console.log(timedOut, clock.elapsed / hour)

// Output:
// backup at 8
// backup at 16
// true 24
