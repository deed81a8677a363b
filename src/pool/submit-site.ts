/**
 * Where a call was submitted: the second stack of an error that happened in another thread.
 *
 * Taking a stack costs some microseconds, so it is taken only while the pool is not flooded, and it is formatted only
 * when an error needs it.
 */
export interface SubmitSite {
  stack?: string
}

/** Where this was called from. Frames of this library are left out when the stack is used. */
export function submitSite(): SubmitSite {
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
