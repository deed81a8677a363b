/** A Barrier keeps its contract when it is used from another process. */
import { Barrier } from 'multitask'
import { barrierSuite } from '../conformance/barrier.ts'
import { barrierThreadSuite } from '../conformance/barrier-threads.ts'
import { standIn } from '../fixtures/stand-in.ts'

const traits = { elsewhere: true }

barrierSuite('Barrier', (parties, options) => standIn(new Barrier(parties, options)), traits)
barrierThreadSuite('Barrier', (parties, options) => standIn(new Barrier(parties, options)), traits)
