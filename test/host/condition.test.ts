/** A Condition keeps its contract when it is used from another process. */
import { Condition, Lock } from 'multitask'
import { conditionSuite } from '../conformance/condition.ts'
import { conditionDeathSuite } from '../conformance/condition-deaths.ts'
import { conditionThreadSuite } from '../conformance/condition-threads.ts'
import { standIn } from '../fixtures/stand-in.ts'

const overRLock = (options?: { name?: string }): Condition => standIn(new Condition(undefined, options))
const overLock = (options?: { name?: string }): Condition => standIn(new Condition(new Lock(), options))
const traits = { elsewhere: true }

conditionSuite('Condition over an RLock', overRLock, traits)
conditionSuite('Condition over a Lock', overLock, traits)
conditionThreadSuite('Condition over an RLock', overRLock, traits)
conditionThreadSuite('Condition over a Lock', overLock, traits)
// Not on Deno, see barrier.test.ts.
if (!('Deno' in globalThis)) {
  conditionDeathSuite('Condition over an RLock', overRLock, traits)
  conditionDeathSuite('Condition over a Lock', overLock, traits)
}
