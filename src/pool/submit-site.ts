/**
 * Where a call was submitted: the second stack of an error that happened in another thread.
 *
 * Taking a stack costs some microseconds, so it is taken only while the pool is not flooded, and it is formatted only
 * when an error needs it.
 */
export interface SubmitSite {
  stack?: string
}

/** So many calls remember where they were submitted, until the pool has little to do. */
const SITES = 16
/** And that many in so many ms: a call that is answered after 5 µs would spend a part of them on its stack. */
const SITES_TIME = 1

export class SubmitSites {
  #left = SITES
  #replenished = 0

  /** Where this was called from, if there is one left. Frames of this library are left out when the stack is used. */
  next(): SubmitSite | undefined {
    if (this.#left === 0) return undefined
    this.#left--
    return submitSite()
  }

  /** The pool is about to wait for `owed` calls. */
  replenish(owed: number): void {
    if (this.#left === SITES || owed >= SITES) return
    const now = performance.now()
    if (now - this.#replenished < SITES_TIME) return
    this.#replenished = now
    this.#left = SITES
  }
}

function submitSite(): SubmitSite {
  const site: SubmitSite = {}
  Error.captureStackTrace(site, submitSite)
  return site
}

/** The error, without this library's frames in its stack, and with the site behind them. */
export function withSite(error: unknown, site: SubmitSite | undefined): unknown {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return error
  const own = error.stack.split('\n').filter(line => !isOwnFrame(line))
  const submitted = site?.stack?.split('\n').filter(line => isFrame(line) && !isOwnFrame(line)) ?? []
  const stack = submitted.length === 0 ? own : [...own, '    --- submitted at ---', ...submitted]
  Object.defineProperty(error, 'stack', { value: stack.join('\n'), configurable: true, writable: true })
  return error
}

const ownFolder = new URL('..', import.meta.url).href
const ownPath = decodeURI(new URL(ownFolder).pathname)

function isFrame(line: string): boolean {
  return /^\s+at /.test(line)
}

function isOwnFrame(line: string): boolean {
  return isFrame(line) && (line.includes(ownFolder) || line.includes(ownPath))
}
