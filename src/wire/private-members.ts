/**
 * Whether a class puts `#private` members into its instances. Such instances cannot be copied from outside: the fields
 * cannot be read, and an object that did not go through the constructor has none.
 *
 * Compilers write them as WeakMaps, which a copy is not in; the names of the functions that they add give that away.
 */
import type { AnyNode, Class, Options } from 'acorn'
import { requireDependency } from '../platform/modules.ts'

interface Parser {
  parseExpressionAt(text: string, offset: number, options: Options): AnyNode
}

const known = new WeakMap<Function, boolean>()

/** Looks at this class alone, not at the one that it extends. */
export function hasPrivateMembers(class_: Function): boolean {
  let answer = known.get(class_)
  if (answer === undefined) {
    answer = search(Function.prototype.toString.call(class_))
    known.set(class_, answer)
  }
  return answer
}

/** What TypeScript and esbuild make of `#field` for targets before ES2022: used on `this`, and not on the class itself. */
const COMPILED = /__classPrivateField[GS]et\(this\b|__privateAdd\(this\b/

function search(text: string): boolean {
  if (COMPILED.test(text)) return true
  if (!text.startsWith('class') || !/#[\p{ID_Start}$_\\]/u.test(text)) return false
  // A `#` may stand in a string, or in a static member, which the instances know nothing of.
  const parser = requireDependency('acorn') as Parser
  const { body } = parser.parseExpressionAt(text, 0, { ecmaVersion: 'latest' }) as Class
  return body.body.some(member => 'key' in member && member.key.type === 'PrivateIdentifier' && !member.static)
}
