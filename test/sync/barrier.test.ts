import { Barrier } from 'multitask'
import { barrierSuite } from '../conformance/barrier.ts'
import { barrierThreadSuite } from '../conformance/barrier-threads.ts'

barrierSuite('Barrier', (parties, options) => new Barrier(parties, options))
barrierThreadSuite('Barrier', (parties, options) => new Barrier(parties, options))
