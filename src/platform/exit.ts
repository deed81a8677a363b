/** The end of a thread, from inside. */
import { runtime } from './runtime.ts'

let exits = false
let watching = false

/** Begins to watch for the end of this thread. */
export function watchExit(): void {
  if (watching) return
  watching = true
  process.on('exit', () => {
    exits = true
  })
}

/** Whether this thread is ending: nothing asynchronous can happen in it any more. */
export function isExiting(): boolean {
  return exits
}

/** Calls `f` whenever the event loop has nothing left to do. If it returns true, the loop gets another turn. */
export function onLoopEmpty(f: () => boolean): void {
  process.on('beforeExit', () => {
    // What goes on in microtasks alone keeps no loop alive, and the event comes once for each time that it was.
    if (f()) setImmediate(() => {})
  })
}

/** Calls `report` with the exit code when this thread ends of itself: by its own wish, or by an error nobody caught. */
export function reportExit(report: (code: number) => void): void {
  process.on('exit', report)
}

/** Ends this thread once what it has printed has been passed on. */
export function leave(): void {
  const streams = [process.stdout, process.stderr].filter(stream => (stream?.writableLength ?? 0) > 0)
  let left = streams.length
  if (left === 0) process.exit(0)
  for (const stream of streams) {
    stream.write('', () => {
      if (--left === 0) process.exit(0)
    })
  }
}

/** Ends this process at once, from any of its threads, whatever the others do. */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}

/** Ends this process with that code, as `process.exit` does. */
export function exitProcess(code: number): never {
  process.exit(code)
}

/** Calls `report` with an error that nobody caught, just before the process ends because of it, unless somebody else handles it. */
export function onUncaught(report: (error: unknown) => void): void {
  const listener = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') > 1) return
    report(error)
    process.exit(1)
  }
  process.on('uncaughtException', listener)
  // Node and Deno make an uncaught error of a rejection that nobody looks at; Bun ends the process with it.
  if (runtime === 'bun') process.on('unhandledRejection', listener)
}

/** The process that started this one, or that the system has put in its place. */
export function parentId(): number {
  return process.ppid
}
