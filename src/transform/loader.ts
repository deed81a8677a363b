/** The same for Node before 22.15, whose loader lives in a thread of its own: it is given options, and asked for modules. */
import { textOf } from '../platform/source-hooks.ts'
import { changeModule, Loading, type LoadOptions, pathOfModule } from './loading.ts'

let loading: Loading | undefined

export function initialize(options: LoadOptions): void {
  loading = new Loading(options)
}

interface Loaded {
  readonly format?: string | null
  readonly source?: unknown
}

export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  const loaded = await next(url, context)
  const path = pathOfModule(url)
  if (loading === undefined || path === undefined || !loading.wants(path)) return loaded
  const source = textOf(loaded.source)
  if (source === undefined) return loaded
  return { ...loaded, source: changeModule([loading], source, url, loaded.format ?? undefined) }
}
