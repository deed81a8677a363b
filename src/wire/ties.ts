/** Why the text of a function would mean something else at another place, and what to do about it. */
import { CannotSendError } from '../errors.ts'
import { absoluteSpecifier, isUrl } from '../platform/modules.ts'
import type { FunctionText } from './free-names.ts'

interface Tie {
  readonly reason: string
  readonly hint?: string
}

/** Throws CannotSendError for a text that is tied to its place by more than the names it takes from outside. */
export function refuseTies(text: FunctionText, path: string): void {
  const tie = tieOf(text)
  if (tie !== undefined) throw new CannotSendError(path, tie.reason, tie.hint)
}

export function isTied(text: FunctionText): boolean {
  return tieOf(text) !== undefined
}

function tieOf(text: FunctionText): Tie | undefined {
  if (text.outerPrivateName !== undefined) {
    return { reason: `it uses \`${text.outerPrivateName}\`, which exists only inside its class` }
  }
  if (text.usesThis) {
    return {
      reason: 'it uses the `this` of the code around it, which cannot be read',
      hint: 'capture it under a name (`const self = this`), or pass it as an argument',
    }
  }
  if (text.usesArguments) {
    return {
      reason: 'it uses the `arguments` of the function around it',
      hint: 'use a rest parameter there, and capture that',
    }
  }
  if (text.usesSuper) {
    return { reason: 'it uses `super`, which belongs to the object or class that it was made in' }
  }
  if (text.callsEval) return { reason: 'it calls `eval`, so what it captures cannot be known' }
  if (text.usesWith) return { reason: 'it has a `with` statement, so what it captures cannot be known' }
  // Vite, and so Vitest, compile both kinds of `import` into names.
  if (text.usesImportMeta || text.free.has('__vite_ssr_import_meta__')) {
    return {
      reason: 'it uses `import.meta`, which belongs to its file',
      hint: 'capture what it needs of it (`const { url } = import.meta`), or pass it as an argument',
    }
  }
  if (text.free.has('__vite_ssr_dynamic_import__')) {
    return {
      reason: 'it uses `import()`, which Vite has compiled into something of its own',
      hint: 'import at the top of the file, or mark the function with task()',
    }
  }
  return undefined
}

/** The specifier of a dynamic import that means something only in its own file, such as `./x.js` or `lodash`. */
export function importTiedToFile({ importCalls }: FunctionText): string | undefined {
  return importCalls.find(({ specifier }) => specifier !== undefined && !isEverywhere(specifier))?.specifier
}

/** Whether a specifier is known, and means the same in every file. */
export function isEverywhere(specifier: string | undefined): boolean {
  return specifier !== undefined && isUrl(absoluteSpecifier(specifier, undefined))
}
