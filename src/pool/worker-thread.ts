/** A thread that runs the worker's loop, and the connection to it. */
import { openChannel, startThread, type ThreadHandle, type ThreadOptions } from '../platform/threads.ts'
import { threadBegins, threadEnded } from '../memory/parking-lot.ts'
import { leavePlace, type ThreadPlace } from '../memory/thread-table.ts'
import { Connection, connectionMemory } from '../wire/connection.ts'
import type { WorkerBoot } from '../wire/message.ts'
import type { StartedWorker, WorkerKind, WorkerStart } from './worker-kind.ts'

export interface WorkerThread extends StartedWorker {
  /** Of the thread, in the thread table. */
  readonly identity: number
}

/** Threads, as the workers of a pool. */
export const threads: WorkerKind = { bytesOnly: false, start: startWorkerThread }

/** Starts it. Records may be written at once; they are read when the thread is up. Throws if there can be no thread. */
export function startWorkerThread(options: WorkerStart): WorkerThread {
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
