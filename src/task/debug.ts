/**
 * Debug mode of tasks: each remembers where it was begun, and what is likely a mistake is told on stderr. That costs some
 * microseconds for each task, so it is off by default. (asyncio's debug mode is the model.)
 */
import type { CancelScope } from './cancel-scope.ts'
import { DeafWatch } from './deaf-watch.ts'
import { noteSites, setObserver, wantedByEnvironment } from './debug-seam.ts'
import { LoopWatch } from './loop-watch.ts'

/**
 * Switches it on or off, for what is begun from now on. `MULTITASK_DEBUG=1` in the environment, or `run(main, { debug: true })`,
 * does so too. Returns whether it was on before.
 *
 * `tasks()`, `dumpTasks()` and `onLeak` then tell where each task was begun, and warnings tell of what holds the event loop
 * for more than 100 ms, of tasks that run on a second after they were cancelled, and of groups that nobody joins.
 */
export function debugTasks(wanted: boolean = true): boolean {
  const before = noteSites(wanted)
  if (wanted !== before) observe(wanted)
  return before
}

let loop: LoopWatch | undefined

function observe(wanted: boolean): void {
  loop?.end()
  loop = wanted ? new LoopWatch() : undefined
  setObserver(loop === undefined ? undefined : new DebugObserver(loop, new DeafWatch()))
}

class DebugObserver {
  readonly runs: (scope: CancelScope | undefined) => void
  readonly resumes: () => void
  readonly cancelled: (scope: CancelScope) => void
  readonly closed: (scope: CancelScope) => void
  readonly exempt: (scope: CancelScope) => void

  constructor(watch: LoopWatch, deaf: DeafWatch) {
    this.runs = scope => watch.runs(scope)
    this.resumes = () => watch.resumes()
    this.cancelled = scope => deaf.cancelled(scope)
    this.closed = scope => deaf.closed(scope)
    this.exempt = scope => deaf.exempt(scope)
  }
}

/** Called where tasks begin: it makes sure that this file is there, and has heeded the environment. */
export function heedEnvironment(): void {}

if (wantedByEnvironment) observe(true)
