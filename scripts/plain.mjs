/**
 * Lets Node 20 and 22 run our TypeScript: 20 reads none, 22 knows no `using`. They get what esbuild made of each file,
 * under the file's own name, in every thread and every child.
 *
 * tsx would not do: on Node 20 it does not reach workers, and it puts calls of a helper into functions, which can then
 * not be sent to another thread as text.
 */
import { existsSync, readFileSync } from 'node:fs'
import * as module from 'node:module'

const root = new URL('../', import.meta.url).href
const plain = new URL('../.runtimes/plain/', import.meta.url).href

export function load(url, context, next) {
  const [name] = url.split(/[?#]/, 1)
  if (!name.startsWith(root) || !name.endsWith('.ts')) return next(url, context)
  const file = new URL(plain + name.slice(root.length).replace(/ts$/, 'js'))
  if (!existsSync(file)) return next(url, context)
  return { format: 'module', source: readFileSync(file, 'utf8'), shortCircuit: true }
}

if (module.registerHooks) module.registerHooks({ load })
else if (!import.meta.url.endsWith('?hooks')) module.register(`${import.meta.url}?hooks`)
