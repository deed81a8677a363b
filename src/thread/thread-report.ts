/**
 * What becomes of an error that nobody waits for: it is told on stderr, in the words of Python's `threading.excepthook`,
 * and the program goes on. The runtime's own way, an unhandled rejection, would end the program for the failure of one
 * thread.
 */
import { describe } from '../options/describe.ts'

/** An error that ended a thread, or that nobody in it caught, while nobody waited for the thread. */
export interface ThreadFailure {
  /** The thread. */
  readonly thread: { readonly name: string; readonly ident: number | undefined; readonly daemon: boolean }
  /** The name of the error's class, or of the type of what was thrown. */
  readonly type: string
  /** What was thrown. */
  readonly error: unknown
  /** Its stack, where it has one, with the stacks of its causes. */
  readonly stack: string
}

/** What it returns is ignored; what it throws, or rejects with, is told on stderr. */
export type ThreadErrorHook = (failure: ThreadFailure) => unknown

let hook: ThreadErrorHook = print

/**
 * Sets what is called with the errors of the Threads that this thread has started, in place of a report on stderr.
 * Without a hook the report is set again. Returns the hook that was there before.
 */
export function setThreadErrorHook(next: ThreadErrorHook = print): ThreadErrorHook {
  if (typeof next !== 'function') throw new TypeError(`the thread error hook must be a function, not ${describe(next)}`)
  const before = hook
  hook = next
  return before
}

/** Tells of an error that nobody waits for. Never throws, whatever the hook does. */
export function reportFailure(thread: ThreadFailure['thread'], error: unknown): void {
  const failure: ThreadFailure = Object.freeze({ thread, type: typeOf(error), error, stack: stackOf(error) })
  const called = hook
  const run = async (): Promise<unknown> => called(failure)
  run().catch((broken: unknown) => {
    console.error(`Exception in the thread error hook:\n${stackOf(broken)}`)
    if (called !== print) print(failure)
  })
}

function print({ thread, stack }: ThreadFailure): void {
  console.error(`Exception in thread ${thread.name}:\n${stack}`)
}

function typeOf(error: unknown): string {
  if (error instanceof Error) return error.name
  return error === null ? 'null' : typeof error
}

/** The stack of an error, where it has one, with the stacks of its causes. */
export function stackOf(error: unknown): string {
  const told = new Set<unknown>()
  const stacks: string[] = []
  for (let each = error; told.size === 0 || (each !== undefined && !told.has(each));) {
    told.add(each)
    stacks.push(ownStackOf(each))
    each = each instanceof Error ? each.cause : undefined
  }
  return stacks.join('\nCaused by: ')
}

function ownStackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : describe(error)
  const { stack } = error
  // JavaScriptCore leaves the message out of some stacks.
  if (typeof stack !== 'string' || stack === '') return String(error)
  return stack.includes(error.message) ? stack : `${String(error)}\n${stack}`
}
