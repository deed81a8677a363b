/**
 * Makes a function in the thread that it was sent to. Two steps, so that functions can capture each other:
 * `createFunction` makes it, `fill` gives it its captures once they are made.
 */
import { CannotLoadError } from '../errors.ts'
import { functionFromText } from '#closures'
import type { Created, FunctionNode, ModuleName } from './function-node.ts'
import { loadName, loadTask, whenThere, type Maybe } from './load.ts'

export type { Created } from './function-node.ts'
export { loadedModules } from './load.ts'

/**
 * Makes the function of a description. Of a bound one, the parts have to be made already.
 * A promise only where a module has to be imported. Throws, or rejects with, CannotLoadError.
 */
export function createFunction(node: FunctionNode): Maybe<Created> {
  switch (node.kind) {
    case 'task':
      return whenThere(loadTask(node), value => ({ value }))
    case 'import':
      return whenThere(loadName(node), read => ({ value: functionIn(read(), node) }))
    case 'global':
      return { value: globalAt(node.path) }
    case 'bound':
      return { value: Function.prototype.bind.call(node.target, node.self, ...node.args) as Function }
    default:
      return functionFromText(node)
  }
}

/** What an ImportReference stands for. */
export function importReference(specifier: string, name: string, from?: string): Maybe<unknown> {
  return whenThere(loadName(from === undefined ? { specifier, name } : { specifier, name, from }), read => read())
}

function functionIn(value: unknown, { specifier, name }: ModuleName): Function {
  if (typeof value === 'function') return value
  throw new CannotLoadError(`what ${specifier} exports as "${name}" is no function in this thread`)
}

function globalAt(path: readonly string[]): Function {
  let value: unknown = globalThis
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name]
  if (typeof value === 'function') return value
  throw new CannotLoadError(`this thread has no global function ${path.join('.')}`)
}
