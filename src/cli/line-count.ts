/** How many lines a file has, for the time that is left. Only of a file: looking at a pipe would take from it. */
import { fstatSync, read } from 'node:fs'
import { promisify } from 'node:util'

const BLOCK = 1 << 20
const LINE_FEED = 10

/** Counts from the beginning, without moving the place at which others read `fd`. Undefined if it is no file. */
export async function countLines(fd: number): Promise<number | undefined> {
  if (!fstatSync(fd).isFile()) return undefined
  const block = Buffer.allocUnsafe(BLOCK)
  let lines = 0
  let last = LINE_FEED
  for (let position = 0; ;) {
    const { bytesRead } = await promisify(read)(fd, block, 0, BLOCK, position)
    if (bytesRead === 0) return lines + (last === LINE_FEED ? 0 : 1)
    position += bytesRead
    last = block[bytesRead - 1]!
    for (let at = block.indexOf(LINE_FEED); at !== -1 && at < bytesRead; at = block.indexOf(LINE_FEED, at + 1)) lines++
  }
}
