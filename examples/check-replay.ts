// A report ends in its replay. With it the same schedule runs again, alone: set a breakpoint, or look at what it does.
import assert from 'node:assert/strict'
import { SharedValue } from 'multitask'
import { type BuiltTest, check, type CheckError } from 'multitask/checker'

function three(): BuiltTest {
  const counter = new SharedValue('i32', 0, { name: 'counter' })
  const body = (): void => {
    for (let i = 0; i < 3; i++) counter.store(counter.load() + 1)
  }
  return { threads: [body, body], check: () => assert.equal(counter.load(), 6, `it is ${counter.load()}`) }
}

const found = (error: CheckError): string => `${error.schedule.reason}, replay: '${error.schedule.replay}'`
await check(three).catch((error: CheckError) => console.log(found(error)))
await check(three, { replay: 'B3A6B3' }).catch((error: CheckError) => console.log(found(error)))

// Output:
// check: it is 3, replay: 'A5B6A1'
// check: it is 3, replay: 'B3A6B3'
