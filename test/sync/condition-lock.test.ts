import { Condition, Lock } from 'multitask'
import { conditionThreadSuite } from '../conformance/condition-threads.ts'

conditionThreadSuite('Condition over a Lock', options => new Condition(new Lock(), options))
