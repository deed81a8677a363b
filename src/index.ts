/** The public surface of multitask. */
export {
  BrokenBarrierError,
  BrokenLockError,
  BrokenPipeError,
  BrokenPoolError,
  CancelledError,
  CannotLoadError,
  CannotSendError,
  DeadlockError,
  EndOfFileError,
  InvalidStateError,
  MultitaskError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  ShutDownError,
  TaskGroupError,
  TimeoutError,
  UnsupportedError,
  WorkerDiedError,
} from './errors.ts'

// ── executors and futures ──
export type { Finished } from './completion/completions.ts'
export type { FutureLike } from './completion/future-like.ts'
export { wait, type WaitOptions, type WaitResult } from './completion/wait.ts'
export type { CallOptions, Executor, ShutdownOptions, TaskFunction } from './futures/executor.ts'
export { Future } from './futures/future.ts'
export type { PoolOptions } from './futures/options.ts'
export type { ResultStream } from './futures/result-stream.ts'
export { LoopExecutor, type LoopExecutorOptions } from './loop/loop-executor.ts'
export type { PoolStatistics } from './pool/pool-place.ts'
export { ThreadPoolExecutor } from './pool/thread-pool-executor.ts'
export type { ProcessOptions, ProcessPoolOptions } from './process/process-options.ts'
export { parentProcess, type ParentProcess } from './process/parent-process.ts'
export { activeChildren, Process } from './process/process.ts'
export { ProcessPoolExecutor } from './process/process-pool-executor.ts'
export { currentTask, type CurrentTask, type TaskExecutor } from './worker/current-task.ts'

// ── between processes ──
export { host, type Hosted, type HostOptions } from './host/hosted.ts'

// ── between loop and threads ──
export { runSync, type RunSync, type RunSyncOptions } from './bridge/run-sync.ts'
export { toThread, type ToThread, type ToThreadOptions } from './bridge/to-thread.ts'

// ── what crosses ──
export { registerClass, type RegisterClassOptions } from './wire/class-registry.ts'
export { isMain, task } from './wire/task.ts'
export { transfer } from './wire/transfer.ts'

// ── taking turns ──
export { Barrier, type BarrierOptions, type BarrierStatistics } from './sync/barrier.ts'
export { BoundedSemaphore } from './sync/bounded-semaphore.ts'
export { Condition, type ConditionStatistics } from './sync/condition.ts'
export { Event, type EventStatistics } from './sync/event.ts'
export type { Guard } from './sync/guard.ts'
export { Lock, type LockStatistics } from './sync/lock.ts'
export type { BlockOptions, PrimitiveOptions, WaitOptions as AwaitOptions } from './sync/options.ts'
export { RLock, type RLockStatistics } from './sync/rlock.ts'
export { Semaphore } from './sync/semaphore.ts'
export { type WaiterRecord, waiters } from './sync/waiters.ts'

// ── shared data ──
export type { SharedDataOptions } from './shared/block.ts'
export type { CellType, CellValue } from './shared/cell-types.ts'
export { SharedArray } from './shared/shared-array.ts'
export {
  type SharedStruct,
  sharedStruct,
  type SharedStructArray,
  type SharedStructType,
} from './shared/shared-struct.ts'
export { SharedValue } from './shared/shared-value.ts'
export type { StructFields } from './shared/struct-layout.ts'

// ── queues and pipes ──
export type { QueueShutdownOptions } from './queue/bounded-buffer.ts'
export { Connection, type ConnectionStatistics } from './queue/connection.ts'
export { LifoQueue } from './queue/lifo-queue.ts'
export { pipe, type PipeOptions } from './queue/pipe.ts'
export { PriorityQueue, type PriorityQueueOptions } from './queue/priority-queue.ts'
export { Queue } from './queue/queue.ts'
export type { QueueStatistics } from './queue/sentences.ts'
export { SharedQueue, type SharedQueueOptions } from './queue/shared-queue.ts'
export { SimpleQueue, type SimpleQueueStatistics } from './queue/simple-queue.ts'
export { activeCount, currentThread, mainThread, type ThreadInfo, threads } from './thread/current-thread.ts'
export { Thread } from './thread/thread.ts'
export { ThreadLocal } from './thread/thread-local.ts'
export type { ThreadOptions } from './thread/thread-options.ts'
export { setThreadErrorHook, type ThreadErrorHook, type ThreadFailure } from './thread/thread-report.ts'

// ── tasks ──
export { asCompleted, type AsCompletedOptions, type CompletionOf } from './task/as-completed.ts'
export { type Cancellation, type CancelSource } from './task/cancellation.ts'
export { createTask, type CreateTaskOptions } from './task/create-task.ts'
export { debugTasks } from './task/debug.ts'
export type { GroupOptions, SpawnOptions } from './task/group-options.ts'
export type { StartContext } from './task/group-start.ts'
export {
  gather,
  type Gathered,
  type GatheredOrErrors,
  type GatherOptions,
  type Gatherable,
  type GatherInput,
} from './task/gather.ts'
export { isCancellation } from './task/is-cancellation.ts'
export { mapAsync, MapResults } from './task/map-async.ts'
export type { MapFn, MapOptions } from './task/map-options.ts'
export { rateLimit, type RateLimit, type RateLimitOptions, type RateLimitStatistics } from './task/rate-limit.ts'
export { retry, type RetryContext, type RetryFn, type RetryInfo, type RetryOptions } from './task/retry.ts'
export { run, type RunOptions } from './task/run.ts'
export { shield, type ShieldOptions } from './task/shield.ts'
export { sleep, type SleepOptions } from './task/sleep.ts'
export { Task } from './task/task.ts'
export type { TaskState } from './task/task-course.ts'
export { taskContext, type TaskContext, type TaskFn } from './task/task-context.ts'
export { TaskGroup } from './task/task-group.ts'
export { dumpTasks, type TaskRecord, tasks } from './task/task-records.ts'
export {
  type MoveOn,
  moveOnAfter,
  type TimedFn,
  timeout,
  timeoutAt,
  type TimeoutContext,
  type TimeoutOptions,
} from './task/timeout.ts'
export { waitFor } from './task/wait-for.ts'
