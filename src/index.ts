/** The public surface of multitask. */
export {
  BrokenBarrierError,
  BrokenLockError,
  BrokenPoolError,
  CancelledError,
  CannotLoadError,
  CannotSendError,
  DeadlockError,
  InvalidStateError,
  MultitaskError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  ShutDownError,
  TimeoutError,
  UnsupportedError,
  WorkerDiedError,
} from './errors.ts'
export { asCompleted, type AsCompletedOptions, type Finished } from './futures/as-completed.ts'
export type { CallOptions, Executor, ShutdownOptions, TaskFunction } from './futures/executor.ts'
export { Future } from './futures/future.ts'
export { LoopExecutor, type LoopExecutorOptions } from './loop/loop-executor.ts'
export type { PoolOptions } from './futures/options.ts'
export type { ResultStream } from './futures/result-stream.ts'
export type { PoolStatistics } from './pool/thread-place.ts'
export { ThreadPoolExecutor } from './pool/thread-pool-executor.ts'
export type { QueueShutdownOptions } from './queue/bounded-buffer.ts'
export { LifoQueue } from './queue/lifo-queue.ts'
export { PriorityQueue, type PriorityQueueOptions } from './queue/priority-queue.ts'
export { Queue } from './queue/queue.ts'
export type { QueueStatistics } from './queue/sentences.ts'
export { SimpleQueue, type SimpleQueueStatistics } from './queue/simple-queue.ts'
export { Lock, type LockStatistics } from './sync/lock.ts'
export type { Guard } from './sync/guard.ts'
export { type WaiterRecord, waiters } from './sync/waiters.ts'
export type { BlockOptions, PrimitiveOptions, WaitOptions as AwaitOptions } from './sync/options.ts'
export { wait, type WaitOptions, type WaitResult } from './futures/wait.ts'
export { registerClass, type RegisterClassOptions } from './wire/class-registry.ts'
export { isMain, task } from './wire/task.ts'
export { transfer } from './wire/transfer.ts'
export { currentTask, type CurrentTask, type TaskExecutor } from './worker/current-task.ts'
