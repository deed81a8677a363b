/** A Lock keeps its contract when it is used from another process. */
import { Lock } from 'multitask'
import { lockSuite } from '../conformance/lock.ts'
import { standIn } from '../fixtures/stand-in.ts'

lockSuite('Lock', options => standIn(new Lock(options)))
