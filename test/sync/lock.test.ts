import { Lock } from 'multitask'
import { lockSuite } from '../conformance/lock.ts'

lockSuite('Lock', options => new Lock(options))
