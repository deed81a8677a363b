/** The transform as a plugin of vite, vitest and rollup, which load modules their own way. */
import { checkOptions, ofType } from '../options/option-rules.ts'
import type { SourceMap } from 'magic-string'
import { patterns } from './files.ts'
import { Loading, type LoadOptions } from './loading.ts'
import { transformSource } from './source.ts'

/** As much of a plugin as is used. */
export interface TransformPlugin {
  readonly name: string
  /** Before types are taken out, so that lines are those of the file. */
  readonly enforce: 'pre'
  transform(
    this: { warn(message: string): void },
    code: string,
    id: string,
  ): { readonly code: string; readonly map: SourceMap } | undefined
}

const boolean = ofType('boolean', 'true or false')
const rules = { include: patterns, exclude: patterns, awaits: boolean, checkpoints: boolean }

/**
 * A plugin for `plugins` of a vite, vitest or rollup config, that does to modules what `transformSource` does. A file that
 * cannot be read is left as it is, with a warning. Throws TypeError for bad options.
 */
export function transformPlugin(options: LoadOptions = {}): TransformPlugin {
  const loading = new Loading(checkOptions(options, rules, 'transformPlugin'))
  return {
    name: 'multitask',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?', 1)[0]!
      if (!loading.wants(file)) return undefined
      try {
        const { code: changed, map } = transformSource(code, { file, ...loading.marks(code) })
        return map === undefined ? undefined : { code: changed, map }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        this.warn(`not transformed: ${error.message}`)
        return undefined
      }
    },
  }
}
