import { TaskGroup } from 'multitask'
import { taskGroupSuite } from '../conformance/task-group.ts'

taskGroupSuite('TaskGroup.run', (body, options) => TaskGroup.run(body, options))

taskGroupSuite('TaskGroup.open', async (body, options) => {
  await using group = TaskGroup.open(options)
  try {
    return await body(group)
  } finally {
    await group.join()
  }
})
