import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { task } from 'multitask'

export interface Compressed {
  readonly before: number
  readonly after: number
  readonly digest: string
}

/** Gzips a file as small as it gets, and hashes the outcome. */
export const compress = task(function compress(path: string): Compressed {
  const content = readFileSync(path)
  const zipped = gzipSync(content, { level: 9 })
  return { before: content.length, after: zipped.length, digest: createHash('sha256').update(zipped).digest('hex') }
})
