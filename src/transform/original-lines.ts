/** Where lines come from in a file that something else has made (TypeScript that was compiled): by the map at its end. */
import { decode } from '@jridgewell/sourcemap-codec'
import type { PlaceOf } from './edits.ts'

const INLINE = /\/\/[#@] sourceMappingURL=data:application\/json[^,]*;base64,([\w+/=]+)\s*$/

export function hasMap(source: string): boolean {
  return /\/\/[#@] sourceMappingURL=\S+\s*$/.test(source)
}

/** `file`: the path or URL of the file. */
export function placesIn(source: string, file: string): PlaceOf {
  const plain: PlaceOf = ({ line }) => `${nameOf(file)}:${line}`
  const map = mapIn(source)
  if (map === undefined) return plain
  const lines = decode(map.mappings)
  return position => {
    const segments = lines[position.line - 1] ?? []
    const segment = segments.findLast(([column]) => column <= position.column) ?? segments[0]
    if (segment === undefined || segment.length === 1) return plain(position)
    const from = map.sources[segment[1]] ?? null
    return `${nameOf(from ?? file)}:${segment[2] + 1}`
  }
}

interface InlineMap {
  readonly mappings: string
  readonly sources: readonly (string | null)[]
}

function mapIn(source: string): InlineMap | undefined {
  const [, encoded] = INLINE.exec(source) ?? []
  if (encoded === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as InlineMap
  } catch {
    return undefined
  }
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1)!
}
