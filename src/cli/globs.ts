/** Arguments that are patterns for files, for shells that leave them alone because they are quoted. */
import { existsSync } from 'node:fs'
import { glob, isDynamicPattern } from 'tinyglobby'
import { UsageError } from './usage-error.ts'

/**
 * Each argument in its place, with the files that match a pattern in alphabetical order. An argument is no pattern if
 * there is a file of just that name, or if it is a URL. Throws UsageError for a pattern that matches nothing.
 */
export async function expandGlobs(args: readonly string[]): Promise<string[]> {
  const expanded: string[] = []
  for (const arg of args) {
    if (isPattern(arg)) expanded.push(...(await filesOf(arg)))
    else expanded.push(arg)
  }
  return expanded
}

function isPattern(arg: string): boolean {
  return /[*?[{]/.test(arg) && isDynamicPattern(arg) && !/^[a-z][a-z\d+.-]*:\/\//i.test(arg) && !existsSync(arg)
}

async function filesOf(pattern: string): Promise<string[]> {
  const files = await glob(pattern, { expandDirectories: false })
  if (files.length === 0) {
    throw new UsageError(`no file matches ${pattern}; with --no-glob arguments are taken as they are`)
  }
  // By code units, not by the language of the machine: the same order everywhere.
  return files.toSorted()
}
