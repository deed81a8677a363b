/** What a pool needs of the workers that it has: how one is started. The kinds are threads and processes. */
import type { BytesOnly } from '../wire/packing.ts'
import type { ResourceLimits, ThreadHandle } from '../platform/threads.ts'
import type { ParentEnd } from '../wire/ends.ts'
import type { KeyTable } from '../wire/key-table.ts'
import type { ExecutorHandle } from '../wire/executor-handle.ts'
import type { WorkerMessage } from '../wire/message.ts'
import type { Packed } from '../wire/pack.ts'

export interface WorkerStart {
  readonly name: string
  readonly doorbell: SharedArrayBuffer
  readonly keys: KeyTable
  readonly initializer: Packed | undefined
  readonly executor: ExecutorHandle
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly resourceLimits: ResourceLimits | undefined
  readonly received: (message: WorkerMessage) => void
  /**
   * Called once when the worker has ended, with its exit code, which is negative for a signal; `error` is what nobody
   * caught in it, if that was the cause.
   */
  readonly exited: (code: number, error: unknown) => void
}

export interface StartedWorker {
  readonly connection: ParentEnd
  readonly handle: ThreadHandle
}

export interface WorkerKind {
  /** Whether what is sent to such a worker becomes bytes. */
  readonly bytesOnly: BytesOnly
  /** Records may be written at once; they are read when the worker is up. Throws if there can be none. */
  start(options: WorkerStart): StartedWorker
}
