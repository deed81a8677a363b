// Fails, and has to: what the runner tells of it must be the drawn schedule.
import { SharedValue } from 'multitask'
import { check } from 'multitask/checker'

test('two threads count', () =>
  check(() => {
    const counter = new SharedValue('i32', 0, { name: 'counter' })
    const add = () => void (counter.value += 1)
    return { threads: [add, add], check: () => expect(counter.value).toBe(2) }
  }))
