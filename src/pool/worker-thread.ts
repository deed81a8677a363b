/** A thread that runs the worker's loop, and the connection to it. */
import {
  type ResourceLimits,
  openChannel,
  startThread,
  type ThreadHandle,
  type ThreadOptions,
} from '../platform/threads.ts'
import { threadBegins, threadEnded } from '../memory/parking-lot.ts'
import { leavePlace, type ThreadPlace } from '../memory/thread-table.ts'
import { Connection, connectionMemory } from '../wire/connection.ts'
import type { KeyTable } from '../wire/key-table.ts'
import type { ExecutorHandle } from '../wire/executor-handle.ts'
import type { WorkerBoot, WorkerMessage } from '../wire/message.ts'
import type { Packed } from '../wire/pack.ts'

export interface WorkerThreadOptions {
  readonly name: string
  readonly doorbell: SharedArrayBuffer
  readonly keys: KeyTable
  readonly initializer: Packed | undefined
  readonly executor: ExecutorHandle
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly resourceLimits: ResourceLimits | undefined
  readonly received: (message: WorkerMessage) => void
  /** Called once when the thread has ended; `error` is what nobody caught in it, if that was the cause. */
  readonly exited: (code: number, error: unknown) => void
}

export interface WorkerThread {
  /** Of the thread, in the thread table. */
  readonly identity: number
  readonly connection: Connection
  readonly handle: ThreadHandle
}

/** Starts it. Records may be written at once; they are read when the thread is up. Throws if there can be no thread. */
export function startWorkerThread(options: WorkerThreadOptions): WorkerThread {
  const memory = connectionMemory(options.doorbell)
  const { near, far } = openChannel()
  const connection = new Connection(memory, near, options.keys, 'parent')
  const place = threadBegins(options.name)
  const boot: WorkerBoot = {
    place,
    memory,
    port: far,
    initializer: options.initializer,
    name: options.name,
    executor: options.executor,
  }
  let failure: unknown
  const thread = start(place, {
    module: workerModule,
    name: options.name,
    data: boot,
    transfer: [far],
    env: options.env,
    resourceLimits: options.resourceLimits,
    failed: error => {
      failure ??= error
    },
    exited: code => {
      threadEnded(place.identity)
      options.exited(code, failure)
    },
  })
  const handle: ThreadHandle = {
    ...thread,
    terminate: () => {
      thread.terminate()
      // Not when it has ended: this thread may block before it is told, and for a lock that the other holds. What is
      // broken is given to nobody, so it does no harm that the other may run on for a moment.
      threadEnded(place.identity)
    },
  }
  connection.listen(options.received, error => {
    // A message that cannot be read may have been a result that somebody waits for. Nobody can say which: end the worker.
    failure ??= error
    handle.terminate()
  })
  return { identity: place.identity, connection, handle }
}

function start(place: ThreadPlace, options: ThreadOptions): ThreadHandle {
  try {
    return startThread(options)
  } catch (error) {
    leavePlace(place.identity)
    throw error
  }
}

/** Loads {@link file://./../worker/main.ts}. */
const workerModule = new URL('../worker/main.js', import.meta.url)
