// What a task is given is a bag of options with its signal: for locks, for fetch, for whatever takes one.
import { EventEmitter, once } from 'node:events'
import { Lock, TaskGroup } from 'multitask'

const lock = new Lock({ name: 'taken' })
await lock.acquire()
const silent = new EventEmitter()

await TaskGroup.run(async group => {
  const tasks = [
    group.spawn(context => lock.acquire(context), { name: 'a lock' }),
    group.spawn(context => once(silent, 'news', context), { name: 'an event' }),
    group.spawn(context => once(silent, 'news', { ...context }), { name: 'an event, with options of its own' }),
  ]
  group.cancel('closing time')
  await Promise.allSettled(tasks)
  for (const task of tasks) console.log(`waited for ${task.name}: ${task.state}`)
})

// Output:
// waited for a lock: cancelled
// waited for an event: cancelled
// waited for an event, with options of its own: cancelled
