/** An RLock keeps its contract when it is used from another process. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { RLock } from 'multitask'
import { provideOwner } from '../../dist/sync/ownership.js'
import { lockSuite } from '../conformance/lock.ts'
import { rlockSuite } from '../conformance/rlock.ts'
import { standIn } from '../fixtures/stand-in.ts'

const tasks = new AsyncLocalStorage<object>()
provideOwner(() => tasks.getStore())

function asTask<T>(f: () => Promise<T>): Promise<T> {
  return tasks.run({}, f)
}

const make = (options?: { name?: string }): RLock => standIn(new RLock(options))

lockSuite('RLock', make, { asTask })
rlockSuite('RLock', make, asTask)
