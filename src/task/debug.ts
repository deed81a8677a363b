/** Debug mode of tasks: each remembers where it was begun. That costs some microseconds for each, so it is off by default. */

let on = false

/**
 * Switches it on or off, for what is begun from now on: `tasks()`, `dumpTasks()` and `onLeak` then tell where that was.
 * Returns whether it was on before.
 */
export function debugTasks(wanted: boolean = true): boolean {
  const before = on
  on = wanted
  return before
}

const sites = new WeakMap<object, string>()

/** Remembers where it is begun, in debug mode: the frames of the user that lead here. */
export function noteSite(of: object): void {
  if (on) sites.set(of, new Error('site').stack?.split('\n').filter(isUserFrame).join('\n') ?? '')
}

export function siteOf(it: object): string | undefined {
  return sites.get(it)
}

const ownFolder = new URL('..', import.meta.url).href
const ownPath = decodeURI(new URL(ownFolder).pathname)

function isUserFrame(line: string): boolean {
  return /^\s+at /.test(line) && !line.includes(ownFolder) && !line.includes(ownPath) && !line.includes('node:')
}
