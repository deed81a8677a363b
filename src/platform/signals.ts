/** Ctrl-C, and the `kill` of the system, where there are such things. */
import { runtime } from './runtime.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** What shells show for a program that a signal has ended: 128 and the number of the signal. */
const EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 }

type Host = Partial<Pick<NodeJS.Process, 'on' | 'off' | 'exit'>>

/**
 * Calls `stop` when the program is asked to end. Who asks a second time does not want to wait for that: the program ends
 * at once. Returns what takes it back. Does nothing in a browser, and in threads, which get no signals.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  const host: Host | undefined = (globalThis as { process?: Host }).process
  if (host?.on === undefined || host.off === undefined) return () => {}
  const names = Object.keys(EXIT_CODES) as StopSignal[]
  let asked = false
  const listener = (name: StopSignal): void => {
    if (asked) host.exit?.(EXIT_CODES[name])
    asked = true
    stop(name)
  }
  for (const name of names) host.on(name, listener)
  return () => {
    for (const name of names) host.off?.(name, listener)
  }
}

/** Leaves Ctrl-C, which the terminal sends to all processes of a program, to the one that was started there. */
export function ignoreInterrupts(): void {
  process.on('SIGINT', () => {})
}

/**
 * Makes the program end as one that the signal has ended, if the error that comes of it is never caught. Only Node, and
 * Bun with a top-level await, let a program choose the exit code of an uncaught error; elsewhere it stays 1.
 */
export function exitBy(signal: StopSignal): void {
  const host = (globalThis as { process?: Pick<NodeJS.Process, 'once' | 'exitCode'> }).process
  if (runtime === 'deno' || host === undefined) return
  host.once('exit', code => {
    if (code === 1) host.exitCode = EXIT_CODES[signal]
  })
}
