/** Where results go: a file of their own, or standard output. */
import { openSync, statSync } from 'node:fs'
import { reasonOf } from './system-error.ts'
import { UsageError } from './usage-error.ts'

export const STDOUT = 1

/** Opens the file, or creates it; undefined stands for standard output. Throws UsageError. */
export function openOutput(path: string | undefined, resume: boolean): number {
  if (path === undefined) return STDOUT
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (!resume && there?.isFile() === true && there.size > 0) {
      throw new UsageError(`${path} exists: give --resume to go on with it, or remove it`)
    }
    return openSync(path, 'a')
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}
