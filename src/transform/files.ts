/** Which files are transformed: those of the user's own project. */
import { describe } from '../options/describe.ts'
import type { Rule } from '../options/option-rules.ts'

export interface FileOptions {
  /**
   * Only these: paths with `*`, `**` and `{a,b}`, from the working directory on, or expressions that are looked for in the
   * path. Default: all files but those in node_modules.
   */
  readonly include?: Pattern | readonly Pattern[] | undefined
  /** Not these. */
  readonly exclude?: Pattern | readonly Pattern[] | undefined
}

export type Pattern = string | RegExp

export const patterns: Rule = (value, name) => {
  for (const each of listOf(value)) {
    if (typeof each === 'string' || each instanceof RegExp) continue
    throw new TypeError(`${name} must be paths or regular expressions, not ${describe(each)}`)
  }
}

/** What can be read at all. */
const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const DECLARATIONS = /\.d\.[cm]?ts$/
const PACKAGES = /[\\/]node_modules[\\/]/

/** `folder`: to which patterns are relative. `own`: the folder of this package, which is never transformed. */
export function chooser({ include, exclude }: FileOptions, folder: string, own: string): (path: string) => boolean {
  const wanted = include === undefined ? undefined : matcher(include, folder)
  const unwanted = matcher(exclude ?? [], folder)
  return path =>
    CODE.test(path) &&
    !DECLARATIONS.test(path) &&
    !path.startsWith(own) &&
    (wanted === undefined ? !PACKAGES.test(path) : wanted(path)) &&
    !unwanted(path)
}

/** A file may ask to be left as it is. */
export function isOff(source: string): boolean {
  return /^\s*\/[/*]\s*multitask-transform off\b/m.test(source)
}

function matcher(value: NonNullable<FileOptions['include']>, folder: string): (path: string) => boolean {
  const expressions = (listOf(value) as readonly Pattern[]).map(each =>
    each instanceof RegExp ? each : fromGlob(each, folder),
  )
  return path => expressions.some(expression => path.replaceAll('\\', '/').search(expression) >= 0)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** As expressions: what stands for something, and all else that would mean something there. */
const GLOB = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[\\^$.|+()[\]{}]/g

function fromGlob(glob: string, folder: string): RegExp {
  const path = /^(?:\/|[a-z]:)/i.test(glob) ? glob : `${folder}/${glob.replace(/^\.\//, '')}`
  return new RegExp(`^${path.replaceAll('\\', '/').replace(GLOB, meaning)}$`)
}

function meaning(part: string): string {
  switch (part) {
    case '**/':
      return '(?:.*/)?'
    case '**':
      return '.*'
    case '*':
      return '[^/]*'
    case '?':
      return '[^/]'
    default:
      return part.length > 1
        ? `(?:${part
            .slice(1, -1)
            .split(',')
            .map(each => each.replace(GLOB, meaning))
            .join('|')})`
        : `\\${part}`
  }
}
