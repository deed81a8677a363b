import { Condition } from 'multitask'
import { conditionDeathSuite } from '../conformance/condition-deaths.ts'

conditionDeathSuite('Condition', options => new Condition(undefined, options))
