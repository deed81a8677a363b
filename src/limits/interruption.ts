/** What ends a wait from outside: its time limit, its signal, and the scope in which it is. */
import { alarm } from './clock.ts'
import { onAbort } from './on-abort.ts'
import { currentScope } from './scope.ts'

/** Throws the reason if the signal is aborted or the scope of the caller is cancelled: then nothing is begun. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted()
  const reason = currentScope()?.reason
  if (reason !== undefined) throw reason
}

/**
 * Calls `late` when the time is up, or `stop` with the reason when the signal is aborted or the scope of the caller is
 * cancelled; whichever is first. `timeout` is in ms and checked. Returns what takes it all back.
 * `what`: what is waited for, such as `Lock "db"`, for those who look at what tasks do.
 */
export function onInterruption(
  timeout: number,
  signal: AbortSignal | undefined,
  late: () => void,
  stop: (reason: unknown) => void,
  what?: string,
): () => void {
  const scope = currentScope()
  if (timeout === Infinity && signal === undefined && scope === undefined) return nothing
  const silence = alarm(timeout, late)
  const ignore = signal === undefined ? nothing : onAbort(signal, () => stop(signal.reason))
  const leave = scope === undefined ? nothing : scope.onCancel(stop, what)
  return () => {
    silence()
    ignore()
    leave()
  }
}

function nothing(): void {}
