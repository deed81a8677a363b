/** What the children of this process hold for themselves alone: the pages that no other process shares. Linux tells it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { median } from '../statistics.ts'

/** MB of the child in the middle; undefined on other systems. */
export function privateMemoryOfChildren(): number | undefined {
  const threads = `/proc/${process.pid}/task`
  if (!existsSync(threads)) return undefined
  // A child belongs to the thread that has started it.
  const children = readdirSync(threads).flatMap(thread => words(`${threads}/${thread}/children`))
  return children.length === 0 ? undefined : median(children.map(privateMemory))
}

function privateMemory(pid: string): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const sizes = rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB/gm)
  return [...sizes].reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0) / 1000
}

function words(file: string): string[] {
  return readFileSync(file, 'utf8').split(' ').filter(Boolean)
}
