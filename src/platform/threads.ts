/** Threads and the ports between them on Node, Bun and Deno, which all have `node:worker_threads`. */
import {
  isMainThread,
  MessageChannel,
  MessagePort,
  parentPort,
  receiveMessageOnPort,
  threadId,
  Worker,
  workerData,
} from 'node:worker_threads'
import { runtime } from './runtime.ts'
import { flagsForThreads } from './thread-flags.ts'

/** One end of a channel between two threads. Messages arrive in the order in which they were posted. */
export interface Port {
  /** Throws what the runtime throws if the message cannot be cloned. */
  post(message: unknown, transfer?: readonly unknown[]): void
  /** Calls `receive` with each message, `fail` with the error if one cannot be read. Does not keep the program alive. */
  listen(receive: (message: unknown) => void, fail: (error: Error) => void): void
  /** Takes the next message without waiting for the event loop; undefined if there is none. */
  take(): unknown
  ref(): void
  unref(): void
  close(): void
}

/** A limit on a thread's memory, in MB, as of `worker_threads`. Bun has none. */
export interface ResourceLimits {
  readonly maxOldGenerationSizeMb?: number
  readonly maxYoungGenerationSizeMb?: number
  readonly codeRangeSizeMb?: number
  readonly stackSizeMb?: number
}

export interface ThreadOptions {
  /** The module that the thread runs. */
  readonly module: URL
  readonly name: string
  /** What the thread finds in `bootData()`. */
  readonly data: unknown
  readonly transfer: readonly unknown[]
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly resourceLimits?: ResourceLimits | undefined
  /** Called once when the thread has ended, however it did. */
  readonly exited: (code: number) => void
  /** An error that nobody in the thread caught; the thread ends after it. */
  readonly failed: (error: unknown) => void
}

export interface ThreadHandle {
  readonly id: number
  /** Whether this thread keeps the program alive. */
  ref(): void
  unref(): void
  /** Stops it where it is. `exited` is called once it has ended. */
  terminate(): void
}

/*
 * Deno walks through every element of a typed array that it receives, looking for ports (130 ms for a MiB, measured on
 * 2.9.6), but not through a Map. So messages travel in one there, unless they do contain ports.
 */
function wrap(message: unknown): unknown {
  return runtime === 'deno' ? new Map([[0, message]]) : message
}

function unwrap(message: unknown): unknown {
  return runtime === 'deno' && message instanceof Map ? (message as Map<number, unknown>).get(0) : message
}

class MessagePortAdapter implements Port {
  readonly port: MessagePort

  constructor(port: MessagePort) {
    this.port = port
  }
  post(message: unknown, transfer: readonly unknown[] = []): void {
    const hasNoPorts = transfer.length === 0 || ArrayBuffer.isView(message)
    this.port.postMessage(hasNoPorts ? wrap(message) : message, transfer as never)
  }
  listen(receive: (message: unknown) => void, fail: (error: Error) => void): void {
    this.port.on('message', (message: unknown) => receive(unwrap(message)))
    this.port.on('messageerror', fail)
    this.port.unref()
  }
  take(): unknown {
    return unwrap(receiveMessageOnPort(this.port)?.message)
  }
  ref(): void {
    this.port.ref()
  }
  unref(): void {
    this.port.unref()
  }
  close(): void {
    this.port.close()
  }
}

/** A channel: `near` to use here, `far` to hand over in `data` and `transfer`. */
export function openChannel(): { readonly near: Port; readonly far: unknown } {
  const { port1, port2 } = new MessageChannel()
  return { near: new MessagePortAdapter(port1), far: port2 }
}

/** A channel of which both ends are to be handed over. */
export function openChannelForOthers(): readonly [unknown, unknown] {
  const { port1, port2 } = new MessageChannel()
  return [port1, port2]
}

/** The port on an end that was handed over. */
export function portOf(far: unknown): Port {
  return new MessagePortAdapter(far as MessagePort)
}

/** Starts a thread. Throws what the runtime throws if it cannot be made. */
export function startThread(options: ThreadOptions): ThreadHandle {
  const worker = makeWorker(options)
  let ended = false
  worker.on('error', options.failed)
  worker.on('exit', code => {
    // Deno emits it inside `terminate()`, and again later for a thread that was busy.
    if (ended) return
    ended = true
    options.exited(code)
  })
  return {
    id: worker.threadId,
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    terminate: () => void worker.terminate(),
  }
}

function makeWorker(options: ThreadOptions): Worker {
  const base = {
    name: options.name,
    workerData: options.data,
    transferList: options.transfer as never,
    ...(options.env === undefined ? {} : { env: options.env as NodeJS.ProcessEnv }),
    ...(options.resourceLimits === undefined ? {} : { resourceLimits: options.resourceLimits }),
  }
  if (runtime !== 'node') return new Worker(options.module, base)
  try {
    // Functions sent as text are compiled with an importer of Node's that is still experimental and says so each time.
    return new Worker(options.module, {
      ...base,
      execArgv: [...flagsForThreads(process.execArgv), '--disable-warning=ExperimentalWarning'],
    })
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error
    // A flag of the process that a thread cannot take by name (`--expose-gc`), though it may inherit it.
    return new Worker(options.module, base)
  }
}

/** What `startThread` gave this thread as `data`. */
export function bootData(): unknown {
  return workerData as unknown
}

/** Keeps a thread alive that has only unreferenced ports. */
export function keepThreadAlive(): void {
  parentPort?.ref()
  parentPort?.on('message', () => {})
}

/** 0 where there are no processes. */
export const processId: number = process.pid

export { isMainThread, threadId }
