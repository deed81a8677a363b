/**
 * Reflection: what a function closes over, and where it was written.
 *
 * V8's debugger knows both, and Node lets a thread ask its own inspector synchronously: `post` has called back when it
 * returns. Nothing has to be enabled for the scopes of a function. Bun has no such protocol, Deno answers later.
 *
 * The connection lives for one question. While there is one, it keeps the arguments of the last 1000 `console.log` calls
 * alive, and as long as `Debugger` is enabled every `await` of the program takes ten times as long.
 */
import type { Debugger, Runtime, Session as Inspector } from 'node:inspector'
import { runtime, runtimeName } from './runtime.ts'

/** Variables of one scope around a function, innermost first. Reading one in its dead zone throws; Node 20 says undefined. */
export interface Scope {
  /** V8's word for it: `Closure (name)`, `Block`, `Catch`, `Module`, `Script` … */
  readonly kind: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A place inside the text of the function, counted from zero: the parenthesis of its parameters, as a rule. */
interface Location {
  readonly scriptId: string
  readonly line: number
  readonly column: number
}

export interface Reflected {
  /** Without the global scope. They are copies, taken when asked. */
  readonly scopes: readonly Scope[]
  readonly location: Location | undefined
  /** The parts of a bound function. */
  readonly bound: { readonly target: Function; readonly self: unknown; readonly args: readonly unknown[] } | undefined
}

/**
 * A realm of our own, through which objects are handed to the inspector and back. The tempting `globalThis` would be the
 * wrong one inside a realm that somebody else made, as test runners do.
 */
interface Hatch {
  /** The realm's global object. It has to be held: the realm goes with it. */
  readonly realm: { slot: unknown }
  readonly contextId: number
}

let hatch: Hatch | undefined
let blind: string | undefined = runtime === 'node' ? undefined : runtimeName

/** Who it is that cannot look into functions, once `reflect` has returned undefined. */
export function blindness(): string {
  return blind ?? runtimeName
}

/** Looks into a function. Returns undefined where that cannot be done. */
export function reflect(fn: Function): Reflected | undefined {
  return withInspector(inspector => {
    hatch ??= openHatch(inspector)
    const { contextId, realm } = hatch
    realm.slot = fn
    try {
      const evaluation = { expression: 'slot', contextId, silent: true }
      const { result } = ask(inspector, 'Runtime.evaluate', evaluation) as Runtime.EvaluateReturnType
      // Only the question for own properties is also answered with the internal ones.
      const question = { objectId: result.objectId, ownProperties: true }
      const { internalProperties } = ask(
        inspector,
        'Runtime.getProperties',
        question,
      ) as Runtime.GetPropertiesReturnType
      const internals = new Map(internalProperties?.map(({ name, value }) => [name, value]))
      const names = ['[[Scopes]]', '[[TargetFunction]]', '[[BoundThis]]', '[[BoundArgs]]']
      ask(inspector, 'Runtime.callFunctionOn', {
        executionContextId: contextId,
        functionDeclaration: 'function (...values) { slot = values }',
        arguments: names.map(name => argument(internals.get(name))),
        silent: true,
      })
      const [scopes, target, self, args] = realm.slot as [ScopeList?, Function?, unknown?, ArrayLike<unknown>?]
      const place = internals.get('[[FunctionLocation]]')?.value as Debugger.Location | undefined
      return {
        scopes: scopes === undefined ? [] : localScopes(scopes),
        location: place && { scriptId: place.scriptId, line: place.lineNumber, column: place.columnNumber ?? 0 },
        bound: target && { target, self, args: Array.from(args ?? []) },
      }
    } finally {
      realm.slot = undefined
    }
  })
}

type ScopeList = ArrayLike<{ readonly description: string; readonly object: Readonly<Record<string, unknown>> }>

/** V8's list has a `length` but no iterator. */
function localScopes(list: ScopeList): Scope[] {
  return Array.from(list)
    .filter(({ description }) => description !== 'Global')
    .map(({ description, object }) => ({ kind: description, variables: object }))
}

function argument(remote: Runtime.RemoteObject | undefined): Runtime.CallArgument {
  if (remote?.objectId !== undefined) return { objectId: remote.objectId }
  if (remote?.unserializableValue !== undefined) return { unserializableValue: remote.unserializableValue }
  return { value: remote?.value }
}

/** The id of a realm is only told in an event, which is recognised by the realm's name. */
function openHatch(inspector: Inspector): Hatch {
  const realm = { slot: undefined as unknown }
  const name = `multitask ${Math.random()}`
  process.getBuiltinModule('node:vm').createContext(realm, { name })
  let contextId: number | undefined
  inspector.on('Runtime.executionContextCreated', ({ params: { context } }) => {
    if (context.name === name) contextId = context.id
  })
  ask(inspector, 'Runtime.enable')
  ask(inspector, 'Runtime.disable')
  if (contextId === undefined) throw new Error('the inspector does not know a realm that was just made')
  return { realm, contextId }
}

/** Connects for one question. Returns undefined where that cannot be done. */
export function withInspector<T>(use: (inspector: Inspector) => T): T | undefined {
  const inspector = blind === undefined ? connect() : undefined
  if (inspector === undefined) return undefined
  try {
    return use(inspector)
  } finally {
    inspector.disconnect()
  }
}

function connect(): Inspector | undefined {
  try {
    // The type says that it cannot be missing, but Node can be built without it.
    const module = process.getBuiltinModule('node:inspector') as typeof import('node:inspector') | undefined
    if (module === undefined) {
      blind = `${runtimeName} without its inspector`
      return undefined
    }
    const inspector = new module.Session()
    inspector.connect()
    return inspector
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error
    blind = `${runtimeName} with --permission`
    return undefined
  }
}

/** Asks, and has the answer when it returns. */
export function ask(inspector: Inspector, method: string, params: object = {}): unknown {
  let outcome: { error: Error | null; answer: unknown } | undefined
  inspector.post(method, params, (error: Error | null, answer?: object) => {
    outcome = { error, answer }
  })
  if (outcome === undefined) throw new Error(`the inspector did not answer ${method} at once`)
  if (outcome.error !== null) throw new Error(`the inspector refused ${method}: ${outcome.error.message}`)
  return outcome.answer
}
