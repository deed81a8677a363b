/** A Barrier keeps its contract when it is used from another process. */
import { Barrier } from 'multitask'
import { barrierSuite } from '../conformance/barrier.ts'
import { barrierDeathSuite, barrierThreadSuite } from '../conformance/barrier-threads.ts'
import { standIn } from '../fixtures/stand-in.ts'

const traits = { elsewhere: true }

barrierSuite('Barrier', (parties, options) => standIn(new Barrier(parties, options)), traits)
barrierThreadSuite('Barrier', (parties, options) => standIn(new Barrier(parties, options)), traits)
// On Deno the relay of a thread that was ended while it was blocked goes on: that the thread has ended is heard with the
// end of its process.
if (!('Deno' in globalThis)) {
  barrierDeathSuite('Barrier', (parties, options) => standIn(new Barrier(parties, options)), traits)
}
