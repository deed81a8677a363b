/** Standard output is for results: what the user's function prints goes to standard error, as with other filters. */
import { Console } from 'node:console'

let kept = false

/** Sends this thread's `console` and `process.stdout` to standard error. To be called before the user's code runs. */
export function keepStdoutForResults(): void {
  if (kept) return
  kept = true
  const { stderr } = process
  // Bun and Deno print by a console of their own, past `process.stdout`.
  globalThis.console = new Console(stderr, stderr)
  process.stdout.write = stderr.write.bind(stderr)
}
