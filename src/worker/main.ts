/**
 * The boot file of every worker: sets up the connection, runs the initializer, begins the loop.
 * Started by {@link file://./../pool/worker-thread.ts}.
 */
import { executorOf } from '../pool/remote-executor.ts'
import { threadEnded } from '../memory/parking-lot.ts'
import { enterThreadTable } from '../memory/thread-table.ts'
import { bootData, keepThreadAlive, portOf } from '../platform/threads.ts'
import { leave, reportExit } from '../platform/exit.ts'
import { inheritHooks } from '../platform/inherited-hooks.ts'
import { loadTypeScript } from '../platform/typescript.ts'
import { Connection } from '../wire/connection.ts'
import { FastEncoder } from '../wire/fast-encoder.ts'
import { KeyTable } from '../wire/key-table.ts'
import type { ParentMessage, WorkerBoot } from '../wire/message.ts'
import { pack } from '../wire/pack.ts'
import { enterWorker } from '../wire/task.ts'
import { unpack } from '../wire/unpack.ts'
import { blockOnParent } from './blocking-request.ts'
import { Idle } from './idle.ts'
import { WorkerLoop } from './loop.ts'
import { provideThreadThings } from './portables.ts'
import { provideRequests, Requests } from './requests.ts'
import { Results } from './results.ts'

const boot = bootData() as WorkerBoot
enterThreadTable(boot.place)
const keys = new KeyTable()
const connection = new Connection(boot.memory, portOf(boot.port), keys, 'worker')
const results = new Results(connection, new FastEncoder(keys))
const loop = new WorkerLoop(
  { connection, results, executor: executorOf(boot.executor) },
  wake => new Idle(connection, wake),
)
const requests = new Requests(
  connection,
  (task, calls) => loop.lend(task, calls),
  (request, call) => blockOnParent(connection, request, call),
)

function receive(message: ParentMessage): void {
  if (message.type === 'reply') requests.receive(message)
  else if (message.type === 'retire') loop.retire(leave)
  else loop.receive(message)
}

async function initialize(): Promise<void> {
  if (boot.initializer === undefined) return
  const [initializer, args] = (await unpack(boot.initializer)) as [(...args: unknown[]) => unknown, unknown[]]
  await initializer(...args)
}

enterWorker()
provideThreadThings()
keepThreadAlive()
provideRequests(requests)
reportExit(code => {
  connection.sayGone(code)
  threadEnded(boot.place.identity)
})
connection.listen(receive, error => {
  throw error
})
try {
  await loadTypeScript()
  await inheritHooks()
  await initialize()
  connection.post({ type: 'ready' })
  loop.begin()
} catch (error) {
  const { packed, transfer } = pack(error, 'error', { lenient: true })
  connection.post({ type: 'broken', packed }, transfer)
}
