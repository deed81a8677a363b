/**
 * Changing the text of modules on Bun, by a plugin.
 *
 * Bun takes the text that a plugin gives for an ES module, whatever it is, and a file that a plugin has been asked for it
 * does not load itself (1.4.5). So a CommonJS module is run here, and Bun is given what it exports.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import type { SourceHook } from './source-hooks.ts'

interface Bun {
  readonly plugin: (plugin: { readonly name: string; setup(build: Build): void }) => void
  readonly Transpiler: new (options: { readonly loader: string }) => { transformSync(source: string): string }
}

interface Build {
  onLoad(filter: { readonly filter: RegExp }, load: (file: { readonly path: string }) => object): void
}

/** Bun chooses by the path alone. */
const FILES = /^(?!.*[\\/]node_modules[\\/]).*\.(?:[cm]?[jt]s|[jt]sx)$/

const ES_SYNTAX = /^\s*(?:import\b\s*[^\s(.]|export\b)/m
const COMMON_JS_SYNTAX = /\bmodule\.exports\b|\bexports\.\w|\brequire\(/

const { Bun: bun } = globalThis as unknown as { Bun: Bun }

export function hookBun({ wants, change }: SourceHook): void {
  bun.plugin({
    name: 'multitask',
    setup(build) {
      build.onLoad({ filter: FILES }, ({ path }) => {
        const url = pathToFileURL(path).href
        const source = readFileSync(path, 'utf8')
        const loader = /\.[cm]?([jt]sx?)$/.exec(path)![1]!
        const contents = wants(url) ? change(source, url, undefined) : source
        const isCommonJs = COMMON_JS_SYNTAX.test(source) && !ES_SYNTAX.test(source)
        return isCommonJs ? exportsOf(path, contents, loader) : { contents, loader }
      })
    },
  })
}

/** Also those that are still running, for modules that load each other. */
const modules = new Map<string, { exports: unknown }>()

function exportsOf(path: string, source: string, loader: string): object {
  let module = modules.get(path)
  if (module === undefined) {
    module = { exports: {} }
    modules.set(path, module)
    const code = loader === 'js' ? source : new bun.Transpiler({ loader }).transformSync(source)
    const parameters = ['exports', 'require', 'module', '__filename', '__dirname']
    const run = compileFunction(code, parameters, { filename: path }) as (...args: unknown[]) => void
    run.call(module.exports, module.exports, createRequire(path), module, path, dirname(path))
  }
  const { exports } = module
  // `require` gives the default of what says that it is such a module.
  const names = Object(exports) === exports ? (exports as object) : {}
  return { loader: 'object', exports: { ...names, default: exports, __esModule: true } }
}
