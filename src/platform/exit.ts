/** The end of a thread, from inside. */

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
