/** `MODULE#export`: which module, as a URL, and which of its functions. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { enumerate, nearest } from './nearest.ts'
import type { Finding } from './task.ts'
import { UsageError } from './usage-error.ts'

export interface Target {
  readonly url: string
  readonly exportName: string
  /** The module as the user wrote it. */
  readonly module: string
  /** What the function is called in messages. */
  readonly label: string
}

/** Throws UsageError for a module that is not there. What it exports is known when it has been loaded. */
export function parseTarget(text: string): Target {
  // A name with a # in it is the file's, if there is such a file.
  const hash = existsSync(text) ? -1 : text.lastIndexOf('#')
  const module = hash === -1 ? text : text.slice(0, hash)
  const exportName = hash === -1 ? 'default' : text.slice(hash + 1)
  if (module === '') throw new UsageError(`"${text}" names no module: write MODULE or MODULE#export`)
  if (exportName === '') throw new UsageError(`"${text}" names no export behind the #`)
  return { url: urlOf(module), exportName, module, label: exportName === 'default' ? module : text }
}

/** Throws UsageError unless there is a function under the name of the target. */
export function checkTarget({ module, exportName, label }: Target, finding: Finding): void {
  if (finding.kind === 'function') return
  if (finding.kind === 'broken') throw new UsageError(`cannot load ${module}\n${finding.report}`)
  const name = exportName === 'default' ? 'default export' : `export "${exportName}"`
  if (finding.kind === 'other') throw new UsageError(`the ${name} of ${module} is ${finding.what}, not a function`)
  const { functions } = finding
  // Nobody meant the default export by mistake: all the others are equally near.
  const names = exportName === 'default' ? functions.map(each => `${label}#${each}`) : nearest(functions, exportName)
  const list = names.length === 0 ? 'it exports no functions' : `its functions are ${enumerate(names)}`
  throw new UsageError(`${module} has no ${name}; ${list}`)
}

function urlOf(module: string): string {
  if (/^[a-z][a-z\d+.-]+:/i.test(module)) {
    const url = new URL(module)
    return url.protocol === 'file:' ? fileOf(fileURLToPath(url), module) : url.href
  }
  const path = resolve(module)
  if (existsSync(path)) return fileOf(path, module)
  return (looksLikePackage(module) ? packageOf(module) : undefined) ?? fileOf(path, module)
}

function fileOf(path: string, module: string): string {
  if (!existsSync(path)) throw new UsageError(`there is no module ${module}; ${whatIsThere(path, module)}`)
  if (statSync(path).isDirectory()) {
    throw new UsageError(`${module} is a folder, not a module; ${whatIsThere(join(path, 'index'), module)}`)
  }
  return pathToFileURL(path).href
}

function looksLikePackage(module: string): boolean {
  return !/^(\.{0,2}[/\\]|[a-z]:)/i.test(module)
}

/** A package, as a file in the current folder would find it. */
function packageOf(name: string): string | undefined {
  if (isBuiltin(name)) return `node:${name}`
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'here.js')).resolve(name)).href
  } catch {
    // Packages that are for `import` alone cannot be required. It is then found from this file, if they are neighbours.
    try {
      return import.meta.resolve(name)
    } catch {
      return undefined
    }
  }
}

function whatIsThere(path: string, module: string): string {
  const folder = dirname(path)
  const where = relative('', folder) || 'this folder'
  if (!existsSync(folder)) return `there is no folder ${where} either`
  const files = readdirSync(folder).filter(name => /\.[cm]?[jt]sx?$/.test(name) && !/\.d\.[cm]?ts$/.test(name))
  const names = looksLikePackage(module) && folder === process.cwd() ? [...files, ...dependencies()] : files
  return names.length === 0 ? `${where} has no modules` : `${where} has ${enumerate(nearest(names, basename(path)))}`
}

/** The packages that the project here says it needs. */
function dependencies(): string[] {
  try {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object | undefined>
    return Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] })
  } catch {
    return []
  }
}
