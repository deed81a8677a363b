/** register: transforms modules as they are loaded. */
import { checkOptions, ofType } from '../options/option-rules.ts'
import { passHooksOn } from '../platform/inherited-hooks.ts'
import { hookSources, hooksInThread } from '../platform/source-hooks.ts'
import { patterns } from './files.ts'
import { changeModule, Loading, type LoadOptions, pathOfModule } from './loading.ts'

const boolean = ofType('boolean', 'true or false')
const rules = { include: patterns, exclude: patterns, awaits: boolean, checkpoints: boolean }

/** Those of this thread, each under what it was registered with. */
const loadings = new Map<string, Loading>()

/**
 * Transforms the user's modules that are loaded from now on in this thread, and in those that it starts by this library, as
 * `transformSource` does. Options that were registered before stay. Modules that are loaded already are as they were, so it
 * is called in a file of its own that the runtime is told to load first: `node --import`, `bun --preload`, `deno --preload`.
 * Throws TypeError for bad options.
 */
export function register(options: LoadOptions = {}): void {
  checkOptions(options, rules, 'register')
  const key = Object.entries(options).map(String).toSorted().join('\n')
  if (loadings.has(key)) return
  const isFirst = loadings.size === 0
  loadings.set(key, new Loading(options))
  passHooksOn({ url: new URL('../transform/index.js', import.meta.url).href, options })
  // A hook in this thread knows of all of them.
  if (!isFirst && hooksInThread) return
  hookSources({
    wants: url => [...loadings.values()].some(each => each.wants(pathOfModule(url) ?? '')),
    change: (source, url, format) => changeModule([...loadings.values()], source, url, format),
    loader: new URL('../transform/loader.js', import.meta.url).href,
    data: options,
  })
}
