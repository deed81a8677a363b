/** Finds the module and the name under which a function or class is exported, by identity. */
import { builtinExport } from '../platform/builtins.ts'
import { commonJsExports, mainModule } from '../platform/modules.ts'
import type { Reflected } from '../platform/reflection.ts'
import { fileOf, placeOf, type Script } from '../platform/scripts.ts'
import { exportedName, isValueOf } from './exported-name.ts'
import type { ModuleName } from './function-node.ts'
import { bindingsOf } from './module-bindings.ts'

/**
 * The export that is this very function, in the module that its text stands in. None in the program's entry: to import
 * that again would run the program again.
 *
 * It looks at the variables of the module, which the function's own scopes end in. Asking the loader for the module's
 * namespace would be simpler, but `require` of a module prints a warning, and may run a second copy of it.
 */
export function findExport(fn: Function, reflected: Reflected, script: Script): ModuleName | undefined {
  if (script.url.startsWith('node:')) return builtinExport(fn)
  const url = fileOf(script)
  if (url === undefined || url === mainModule()) return undefined
  if (!script.isModule) return findCommonJsExport(fn, url)
  const { exports, defaultExport } = bindingsOf(script)
  const variables = reflected.scopes.findLast(({ kind }) => kind === 'Module')?.variables ?? {}
  for (const [local, name] of exports) {
    if (Object.hasOwn(variables, local) && isValueOf(variables, local, fn)) return { specifier: url, name }
  }
  // The variable of `export default () => …` has no name by which the debugger would show it.
  const text = Function.prototype.toString.call(fn)
  const place = placeOf(text, reflected, script)
  if (place === undefined || defaultExport === undefined) return undefined
  const isDefault = place.offset === defaultExport.start && place.offset + text.length === defaultExport.end
  return isDefault ? { specifier: url, name: 'default' } : undefined
}

function findCommonJsExport(fn: Function, url: string): ModuleName | undefined {
  const exports = commonJsExports(url)
  if (exports === fn) return { specifier: url, name: '*', via: 'require' }
  const name = exportedName(exports, fn)
  return name === undefined ? undefined : { specifier: url, name, via: 'require' }
}
