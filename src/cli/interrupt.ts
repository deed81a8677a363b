/** Ctrl-C, and the `kill` of the system: the first asks for an orderly end, the second ends at once. */
import { INTERRUPTED, TERMINATED } from './exit-code.ts'

const CODES = { SIGINT: INTERRUPTED, SIGTERM: TERMINATED }

/** Calls `stop` with the exit code when the user wants the end. */
export function onInterrupt(stop: (exitCode: number) => void): void {
  let asked = false
  const listen = (signal: keyof typeof CODES): void => {
    process.on(signal, () => {
      if (asked) endNow(signal)
      asked = true
      stop(CODES[signal])
    })
  }
  listen('SIGINT')
  listen('SIGTERM')
}

/**
 * Dies of the signal, as a program that does not listen to it. `process.exit` would wait for a write to a pipe that
 * nobody reads. Deno does not let go of a signal that was listened to; there it has to be the exit.
 */
function endNow(signal: keyof typeof CODES): void {
  // Progress may have hidden the cursor.
  if (process.stderr.isTTY) process.stderr.write('\u001B[?25h\n')
  if ('Deno' in globalThis) process.exit(CODES[signal])
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
