/**
 * What happens to files as they are loaded. What cannot be read is left as it is, and told: if it is wrong, the runtime
 * will say so; if it is only too new for our parser, it still runs, but nobody changes over at its awaits.
 */
import { pathOf, formatOf, workingFolder } from '../platform/source-hooks.ts'
import { warn } from '../platform/warning.ts'
import { chooser, type FileOptions, isOff } from './files.ts'
import { hasMap } from './original-lines.ts'
import { transformSource } from './source.ts'

/** What is marked in which files. */
export interface LoadOptions extends FileOptions {
  /** Marks each `await` in functions, for `multitask/checker`. Default: true. */
  readonly awaits?: boolean | undefined
  /** Marks each turn of a loop, for `multitask/gil`. Default: false. */
  readonly checkpoints?: boolean | undefined
}

/** The folder of this package. */
const own = pathOf(new URL('../', import.meta.url).href) ?? ''

export class Loading {
  readonly #options: LoadOptions
  readonly #chosen: (path: string) => boolean

  constructor(options: LoadOptions) {
    this.#options = options
    this.#chosen = chooser(options, workingFolder(), own)
  }

  wants(path: string): boolean {
    return this.#chosen(path)
  }

  /** What is to be marked; nothing in a file that asks to be left alone. */
  marks(source: string): { readonly awaits: boolean; readonly checkpoints: boolean } {
    const { awaits = true, checkpoints = false } = this.#options
    return isOff(source) ? { awaits: false, checkpoints: false } : { awaits, checkpoints }
  }
}

/** The path of a module, without what only makes it another module: `?v=2`. */
export function pathOfModule(url: string): string | undefined {
  return pathOf(url.split(/[?#]/, 1)[0]!)
}

/** Changes the source of a module in all the ways that apply to it. */
export function changeModule(loadings: readonly Loading[], source: string, url: string, format?: string): string {
  const file = pathOfModule(url)!
  const marks = loadings.filter(each => each.wants(file)).map(each => each.marks(source))
  const awaits = marks.some(each => each.awaits)
  const checkpoints = marks.some(each => each.checkpoints)
  try {
    const { code, map } = transformSource(source, { file, awaits, checkpoints, format: formatOf(format) })
    // A map that is there already says more than ours could: no line has moved.
    return map === undefined || hasMap(source) ? code : `${code}\n//# sourceMappingURL=${map.toUrl()}`
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    warn(`not transformed: ${error.message}`)
    return source
  }
}
