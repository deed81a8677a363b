/** A process that runs the worker's loop, and the connection to it. */
import { childBegins, childEnded } from '../host/door.ts'
import { provideThings } from '../host/hosting.ts'
import { mainModule } from '../platform/modules.ts'
import { packageVersion } from '../platform/package.ts'
import { type Output, type ProcessHandle, startProcess } from '../platform/processes.ts'
import { threadEnded } from '../memory/parking-lot.ts'
import { placeForProcess, type ProcessPlace } from '../memory/neighbours.ts'
import { processId, type ThreadHandle } from '../platform/threads.ts'
import type { StartedWorker, WorkerKind, WorkerStart } from '../pool/worker-kind.ts'
import { ownProcess } from './own-process.ts'
import { describe } from '../options/describe.ts'
import type { WorkerMessage } from '../wire/message.ts'
import { StreamParent } from '../wire/stream-parent.ts'
import { unpack } from '../wire/unpack.ts'

/** What a process can be given beyond what a thread can. */
export interface ProcessSettings {
  readonly nice?: number | undefined
  /** In MB: with more in use it is replaced. */
  readonly maxMemoryPerWorker?: number | undefined
  readonly cwd?: string | undefined
  /** Whether the program ends without waiting for it. Default false. */
  readonly daemon?: boolean | undefined
  /** Whether Ctrl-C ends it. Default: it leaves that to the process that started it. */
  readonly ownInterrupts?: boolean | undefined
  /** Whether a call is sent before the process is ready: then it counts as begun. Default false. */
  readonly sendsAtOnce?: boolean | undefined
  readonly stdout?: Output | undefined
  readonly stderr?: Output | undefined
}

export interface WorkerProcess extends StartedWorker {
  readonly process: ProcessHandle
}

const MB = 1 << 20

let hello: Uint8Array | undefined

/** Processes, as the workers of a pool. */
export function processes(settings: ProcessSettings): WorkerKind {
  provideThings()
  return { bytesOnly: 'process', start: options => startWorkerProcess(options, settings) }
}

/** Starts it. Records may be written at once; they are read when the process is up. Throws if there can be none. */
export function startWorkerProcess(options: WorkerStart, settings: ProcessSettings): WorkerProcess {
  hello ??= new TextEncoder().encode(packageVersion())
  let failure: unknown
  let place: ProcessPlace | undefined
  const process = startProcess({
    ...settings,
    module: workerModule,
    env: options.env,
    resourceLimits: options.resourceLimits,
    failed: error => {
      failure ??= error
    },
    exited: code => {
      if (place !== undefined) threadEnded(place.identity)
      childEnded()
      options.exited(code, failure)
    },
  })
  childBegins()
  // While it starts: the first time takes some milliseconds.
  place = placeForProcess(options.name)
  const connection = new StreamParent({ data: process.data, control: process.control, hello }, options.keys)
  const kill = (): void => process.kill('SIGKILL')
  connection.listen(
    (message: WorkerMessage) => {
      if (message.type !== 'uncaught') return options.received(message)
      const error = unpack(message.packed)
      failure ??= error instanceof Promise ? new Error(describe(error)) : error
    },
    error => {
      // What could not be read may have been a result that somebody waits for. Nobody can say which: end the process.
      failure ??= error
      kill()
    },
  )
  connection.post({
    type: 'boot',
    main: mainModule(),
    name: options.name,
    daemon: settings.daemon ?? false,
    parent: { name: ownProcess().name, pid: processId },
    place,
    ownInterrupts: settings.ownInterrupts ?? false,
    executor: options.executor,
    initializer: options.initializer,
    mostMemory: settings.maxMemoryPerWorker === undefined ? undefined : settings.maxMemoryPerWorker * MB,
  })
  if (settings.sendsAtOnce === true) connection.begin()
  const handle: ThreadHandle = {
    id: process.pid ?? 0,
    ref: () => process.ref(),
    unref: () => process.unref(),
    terminate: kill,
  }
  return { connection, handle, process }
}

/** Loads {@link file://./main.ts}. */
const workerModule = new URL('../process/main.js', import.meta.url)
