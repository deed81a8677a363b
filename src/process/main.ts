/**
 * The boot file of a process that runs calls: sets up the connection, runs the initializer, begins the loop.
 * Started by {@link file://./worker-process.ts}. What it does for a process, worker/main.ts does for a thread.
 */
import { UnsupportedError } from '../errors.ts'
import { enterNeighbourhood } from '../memory/neighbours.ts'
import { nameProcess } from '../memory/process-name.ts'
import { executorOf } from '../pool/remote-executor.ts'
import { endProcess, exitProcess, leave, onUncaught, reportExit } from '../platform/exit.ts'
import { inheritedStream } from '../platform/byte-stream.ts'
import { setMainModule } from '../platform/modules.ts'
import { packageVersion } from '../platform/package.ts'
import { DATA } from '../platform/processes.ts'
import { openChannel, startThread } from '../platform/threads.ts'
import { inheritHooks } from '../platform/inherited-hooks.ts'
import { loadTypeScript } from '../platform/typescript.ts'
import { ignoreInterrupts } from '../platform/signals.ts'
import { FastEncoder } from '../wire/fast-encoder.ts'
import { KeyTable } from '../wire/key-table.ts'
import type { BootMessage, ParentMessage } from '../wire/message.ts'
import { pack } from '../wire/pack.ts'
import { HOSTED, providePortables } from '../wire/portable.ts'
import { StreamWorker } from '../wire/stream-worker.ts'
import { enterWorker } from '../wire/task.ts'
import { unpack } from '../wire/unpack.ts'
import { WorkerLoop } from '../worker/loop.ts'
import { provideThreadThings } from '../worker/portables.ts'
import { provideRequests, Requests } from '../worker/requests.ts'
import { Results } from '../worker/results.ts'
import { enterProcess } from './own-process.ts'
import { StreamIdle } from './stream-idle.ts'
import { watchMemory } from './memory-watch.ts'

const { near, far } = openChannel()
const keys = new KeyTable()
const hello = new TextEncoder().encode(packageVersion())
const connection = new StreamWorker(await inheritedStream(DATA), near, keys, hello)
startThread({
  module: new URL('../process/watchdog.js', import.meta.url),
  name: 'multitask watchdog',
  data: { words: connection.words, port: far },
  transfer: [far],
  failed: () => {},
  // Without it the process could outlive its parent.
  exited: () => exitProcess(1),
}).unref()

let loop: WorkerLoop | undefined
let requests: Requests | undefined

function receive(message: ParentMessage): void {
  if (message.type === 'boot') void begin(message)
  else if (message.type === 'reply') requests?.receive(message)
  else if (message.type === 'retire') loop?.retire(leave)
  else loop?.receive(message)
}

async function begin(boot: BootMessage): Promise<void> {
  if (boot.place !== undefined) enterNeighbourhood(boot.place)
  setMainModule(boot.main)
  enterProcess(boot)
  nameProcess(boot.name)
  if (!boot.ownInterrupts) ignoreInterrupts()
  const results = new Results(connection, new FastEncoder(keys))
  const made = new WorkerLoop(
    { connection, results, executor: executorOf(boot.executor) },
    wake => new StreamIdle(connection, watchMemory(connection, boot.mostMemory), wake),
  )
  loop = made
  requests = new Requests(connection, (task, calls) => made.lend(task, calls), cannotBlock)
  provideRequests(requests)
  try {
    await loadTypeScript()
    await inheritHooks()
    await initialize(boot)
    connection.post({ type: 'ready' })
    made.begin()
  } catch (error) {
    connection.post({ type: 'broken', packed: packError(error) })
  }
}

async function initialize({ initializer }: BootMessage): Promise<void> {
  if (initializer === undefined) return
  const [run, args] = (await unpack(initializer)) as [(...args: unknown[]) => unknown, unknown[]]
  await run(...args)
}

function cannotBlock(): never {
  throw new UnsupportedError('a process cannot be blocked for the event loop of the one that started it')
}

function packError(error: unknown): ReturnType<typeof pack>['packed'] {
  return pack(error, 'error', { lenient: true, bytesOnly: 'process' }).packed
}

/**
 * Ends as `process.exit` does, up to the last listener to the end, and then by force: nobody wants to know the code. What
 * Node does after the listeners has been seen to wait for ever for a thread of its own (26.10, once in some hundreds), when
 * the watchdog has been ended already that would have put an end to it.
 */
function endOrphan(): never {
  reportExit(endProcess)
  return exitProcess(1)
}

enterWorker()
provideThreadThings()
// Not by `provideThings`: most calls need nothing of it, and it takes a tenth of the start.
providePortables({ [HOSTED]: () => import('#stand-ins') })
onUncaught(error => connection.post({ type: 'uncaught', packed: packError(error) }))
// The parent has gone, or what came is no message: nobody waits for anything here any more.
connection.listen(receive, endOrphan)
