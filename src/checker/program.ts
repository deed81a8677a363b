/** What is checked: threads that share something, and what must be true in the end. */
import { describe, isThenable } from '../options/describe.ts'
import { MOST_THREADS } from './schedule.ts'

/** The bodies of the threads, by number (`T1`, `T2` …) or by name. */
export type Bodies<F> = readonly F[] | Readonly<Record<string, F>>

/** A test whose shared things are passed to its threads. */
export interface SharedTest<S> {
  /** Makes what the threads share. Called anew for each schedule, and often: it may make things, and do nothing else. */
  readonly setup: () => S
  readonly threads: Bodies<(shared: S) => unknown>
  /** Called when all threads have ended. Throws if something is wrong. What it returns is listed among the outcomes. */
  readonly check?: ((shared: S) => unknown) | undefined
}

/** What a test that is a function returns. */
export interface BuiltTest {
  readonly threads: Bodies<() => unknown>
  readonly check?: (() => unknown) | undefined
}

export type CheckTest<S = never> = SharedTest<S> | (() => BuiltTest)

/** A program that was made once more, with things of its own. */
export interface Built {
  readonly shared: unknown
  readonly bodies: readonly (() => unknown)[]
  readonly check: () => unknown
}

export interface Program {
  /** Makes it once more. */
  build(): Built
  /** The names of its threads. */
  readonly names: readonly string[]
  /** Whether one of them is an async function. */
  readonly isAsync: boolean
}

export function programOf(test: CheckTest<unknown>): Program {
  let names: readonly string[] = []
  let isAsync = false
  const learn = (entries: readonly (readonly [string, object])[]): void => {
    names = entries.map(([name]) => name)
    isAsync = entries.some(([, body]) => body.constructor === asyncFunction)
  }
  const build = (): Built => {
    if (typeof test === 'function') {
      const built = test()
      if (isThenable(built)) throw new TypeError('the test must make its threads at once: it returned a promise')
      if (Object(built) !== built) {
        throw new TypeError(`the test must return { threads, check }, not ${describe(built)}`)
      }
      const entries = entriesOf(built.threads)
      learn(entries)
      return { shared: {}, bodies: entries.map(([, body]) => body), check: () => built.check?.() }
    }
    const shared = test.setup()
    if (isThenable(shared)) throw new TypeError('setup must make what is shared at once: it returned a promise')
    const entries = entriesOf(test.threads)
    learn(entries)
    return {
      shared,
      bodies: entries.map(
        ([, body]) =>
          () =>
            body(shared),
      ),
      check: () => test.check?.(shared),
    }
  }
  return {
    build,
    get names() {
      return names
    },
    get isAsync() {
      return isAsync
    },
  }
}

const asyncFunction = (async () => {}).constructor

/** Throws TypeError if there are no threads, or too many. */
function entriesOf<F>(bodies: Bodies<F>): readonly (readonly [string, F])[] {
  if (Object(bodies) !== bodies) throw new TypeError(`threads must be functions, not ${describe(bodies)}`)
  const entries: (readonly [string, F])[] = Array.isArray(bodies)
    ? (bodies as readonly F[]).map((body, index) => [`T${index + 1}`, body])
    : Object.entries(bodies as Readonly<Record<string, F>>)
  if (entries.length === 0 || entries.length > MOST_THREADS) {
    throw new TypeError(`there must be 1 to ${MOST_THREADS} threads, not ${entries.length}`)
  }
  for (const [name, body] of entries) {
    if (typeof body !== 'function') throw new TypeError(`thread ${name} must be a function, not ${describe(body)}`)
  }
  return entries
}
