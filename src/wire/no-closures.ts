/**
 * Stands in for {@link file://./closures.ts} in a page, where nothing can be read out of a function and there is no
 * parser to read its text: what has no name is refused.
 */
import { CannotLoadError, CannotSendError } from '../errors.ts'
import { globalPath } from '../platform/builtins.ts'
import type * as closures from './closures.ts'

export const describeClosure: typeof closures.describeClosure = (fn, path) => {
  const global = globalPath(fn)
  if (global !== undefined) return { kind: 'global', path: global }
  throw new CannotSendError(path, 'it is not marked with task()', 'mark it, at the top level of a module of its own')
}

export const identifyClosure: typeof closures.identifyClosure = (fn, path) => {
  const node = describeClosure(fn, path)
  return { key: JSON.stringify(node), node }
}

export const findByReflection: typeof closures.findByReflection = () => undefined

export const ownState: typeof closures.ownState = () => undefined

export const functionFromText: typeof closures.functionFromText = ({ name }) => {
  throw new CannotLoadError(`a page cannot make the function ${name ?? ''} from its text`)
}
