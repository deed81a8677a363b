/**
 * TypeScript modules in worker threads.
 *
 * Node 22.18 and later, Bun and Deno load them by themselves. On Node 20 a program that runs under `--import tsx` can,
 * but its workers cannot: the loader's hooks do not reach them, and have to be registered in each.
 */
import { runtime } from './runtime.ts'

/** Makes this thread able to import TypeScript if the program is. */
export async function loadTypeScript(): Promise<void> {
  if (runtime !== 'node' || 'strip' in (process.features as object) || 'typescript' in process.features) return
  const loader = tsxLoader()
  if (loader === undefined) return
  const require = process.getBuiltinModule('node:module').createRequire(loader)
  // What is found is for `require`, and looks for its hooks in the wrong folder. Beside it is the one for `import`.
  const api = require.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')
  const { href } = process.getBuiltinModule('node:url').pathToFileURL(api)
  const { register } = (await import(href)) as { register: () => void }
  register()
}

/** The file or URL from which the program's tsx can be found, if it runs under tsx. */
function tsxLoader(): string | undefined {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  const flag = flags.find(each => /(^|[/=])tsx([/.]|$)/.test(each))
  if (flag === undefined) return undefined
  const value = flag.replace(/^--(import|loader|experimental-loader|require)=/, '')
  if (value.startsWith('file:')) return value
  return value.startsWith('/') ? value : `${process.cwd()}/`
}
