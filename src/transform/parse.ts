/** Reading a file as JavaScript or TypeScript. What is TypeScript is read as it was written: its types stay in the text. */
import { tsPlugin } from '@sveltejs/acorn-typescript'
import { type Options, Parser, type Program } from 'acorn'
import { withoutTypes } from '../platform/source-hooks.ts'

export type Format = 'module' | 'commonjs'

/** Throws SyntaxError with the file, line and column. `format`: undefined if it is not known. */
export function parse(source: string, file: string, format: Format | undefined): Program {
  return parseAs(parserFor(file), source, file, format)
}

function parseAs(parser: typeof Parser, source: string, file: string, format: Format | undefined): Program {
  let failure: unknown
  for (const sourceType of sourceTypes(file, format)) {
    try {
      return parser.parse(source, { ...options, sourceType, allowReturnOutsideFunction: sourceType === 'script' })
    } catch (error) {
      failure ??= error
    }
  }
  // The runtime may know more types than we do, and leaves all else where it is.
  const plain = parser === typescript ? plainOf(source) : undefined
  if (plain !== undefined) return parseAs(Parser, plain, file, format)
  throw told(failure, file)
}

function plainOf(source: string): string | undefined {
  try {
    return withoutTypes(source)
  } catch {
    // It is no TypeScript, or has what cannot be left out. What we have found is the better sentence.
    return undefined
  }
}

const options: Options = { ecmaVersion: 'latest', locations: true, allowHashBang: true }

const typescript = Parser.extend(tsPlugin())
const typescriptWithJsx = Parser.extend(tsPlugin({ jsx: true }))

function parserFor(file: string): typeof Parser {
  if (/\.[jt]sx$/.test(file)) return typescriptWithJsx
  return /\.[cm]?ts$/.test(file) ? typescript : Parser
}

function sourceTypes(file: string, format: Format | undefined): readonly ('module' | 'script')[] {
  if (format === 'module' || /\.m[jt]s$/.test(file)) return ['module']
  // What will be CommonJS may be written as a module still, which somebody else then compiles.
  if (format === 'commonjs' || /\.c[jt]s$/.test(file)) return ['script', 'module']
  return ['module', 'script']
}

function told(error: unknown, file: string): unknown {
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } }
  if (!(error instanceof SyntaxError) || loc === undefined) return error
  const fact = message.replace(/ \(\d+:\d+\)$/, '')
  return new SyntaxError(`${file}:${loc.line}:${loc.column + 1}: ${fact}`, { cause: error })
}
