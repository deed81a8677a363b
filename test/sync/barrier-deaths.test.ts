import { Barrier } from 'multitask'
import { barrierDeathSuite } from '../conformance/barrier-threads.ts'

barrierDeathSuite('Barrier', (parties, options) => new Barrier(parties, options))
