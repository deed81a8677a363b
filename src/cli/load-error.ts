/**
 * A loader's error, so that one sees what is wrong with which file.
 *
 * Each runtime keeps the place of a syntax error somewhere else: Bun in the parts of an AggregateError, Deno in the
 * message, Node in the stack of a TypeScript file, and for a JavaScript file only in what it prints when it dies.
 */
import { spawnSync } from 'node:child_process'
import { reportOf } from './failure.ts'
import { codeOf } from './system-error.ts'

/** What Bun's transpiler says about one place. */
interface BuildMessage {
  readonly message: string
  readonly position: {
    readonly file: string
    readonly line: number
    readonly column: number
    readonly lineText: string
  }
}

/** What `import(url)` threw, in one or more lines. */
export function explainLoadError(error: unknown, url: string): string {
  if (error instanceof AggregateError) {
    const messages = (error.errors as BuildMessage[]).filter(({ position }) => position)
    if (messages.length > 0) return messages.map(buildMessage).join('\n')
  }
  if (codeOf(error) === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts"/.test((error as Error).message)) {
    const cure = 'use Node 22.18 or later, Bun or Deno, or run the command by `node --import tsx`'
    return `${(error as Error).message}\n  Node ${process.versions.node} reads no TypeScript: ${cure}`
  }
  const placeless = error instanceof SyntaxError && !/^\S+:\d+\n/.test(error.stack ?? '')
  return (placeless ? lastWords(url) : undefined) ?? reportOf(error)
}

function buildMessage({ message, position: { file, line, column, lineText } }: BuildMessage): string {
  return `${file}:${line}:${column}: ${message}\n    ${lineText}`
}

/** What a Node that imports the module prints when it dies of a syntax error: found before any of its code runs. */
function lastWords(url: string): string | undefined {
  if ('Bun' in globalThis || 'Deno' in globalThis) return undefined
  const args = [...process.execArgv, '--input-type=module', '--eval', `import ${JSON.stringify(url)}`]
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return /^[^]*?\n\w*SyntaxError.*/.exec(stderr)?.[0]
}
