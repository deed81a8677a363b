/**
 * Changing the text of modules as they are loaded.
 *
 * Node from 22.15 on and Deno ask a function in the thread that loads; Node before that asks a module in a thread of its
 * own; Bun has plugins. The hooks of a thread are its own: see {@link file://./inherited-hooks.ts}.
 */
import * as module from 'node:module'
import { fileURLToPath } from 'node:url'
import { hookBun } from './bun-hooks.ts'
import { quietly } from './modules.ts'
import { runtime } from './runtime.ts'

export interface SourceHook {
  /** Whether it has anything to do with the file. */
  readonly wants: (url: string) => boolean
  /** Returns the text that is to be loaded instead. `format`: what the runtime calls this kind of module, if it says so. */
  readonly change: (source: string, url: string, format: string | undefined) => string
  /** For Node before 22.15: a module whose `load` does the same, and what its `initialize` is given. */
  readonly loader: string
  readonly data: unknown
}

/** Whether hooks run in the thread that loads, and see what it knows. */
export const hooksInThread: boolean = runtime === 'bun' || module.registerHooks !== undefined

/** Puts a hook into this thread. It sees each module that is loaded from now on. */
export function hookSources(hook: SourceHook): void {
  if (runtime === 'bun') return hookBun(hook)
  if (!hooksInThread) return module.register(hook.loader, { data: hook.data })
  module.registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const source = hook.wants(url) ? textOf(loaded.source) : undefined
      return source === undefined ? loaded : { ...loaded, source: hook.change(source, url, loaded.format ?? undefined) }
    },
  })
}

/** Whether the runtime calls it a CommonJS module; undefined if it does not say. */
export function formatOf(format: string | undefined): 'module' | 'commonjs' | undefined {
  if (format?.startsWith('module') === true) return 'module'
  return format?.startsWith('commonjs') === true ? 'commonjs' : undefined
}

export function textOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source) ? new TextDecoder().decode(source) : undefined
}

/** The path of a module; undefined if it is no file. */
export function pathOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined
}

export function workingFolder(): string {
  return process.cwd()
}

/** TypeScript with spaces in the place of its types; undefined where the runtime cannot do that. Throws what it cannot read. */
export function withoutTypes(source: string): string | undefined {
  const strip = (module as Partial<typeof module>).stripTypeScriptTypes
  if (runtime !== 'node' || strip === undefined) return undefined
  const stripped = quietly(() => strip(source))
  return stripped.length === source.length ? stripped : undefined
}
