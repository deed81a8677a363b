/**
 * The source text of a function, read as what can be sent: which names it takes from outside, and the text to send.
 *
 * `toString()` gives the text as it was written, which is an expression for functions and classes, and a fragment of an
 * object or class for methods and accessors. Parsing one costs about 0.1 ms and happens once for each text; loading the
 * parser costs 10 ms and happens with the first.
 */
import type { AnyNode, Options } from 'acorn'
import { requireDependency } from '../platform/modules.ts'
import type { Findings } from './findings.ts'
import { IMPORT_CALL, KEEP_NAME } from './function-node.ts'
import { analyseScopes } from './scopes.ts'
import { staticNames } from './statics.ts'

export interface FunctionText extends Findings {
  /** What to send. A computed key of a method is replaced by a plain one: its value is known, its names are not needed. */
  readonly text: string
  /** How the text stands on its own: as an expression, or as a member of an object literal. */
  readonly form: 'expression' | 'class' | 'method'
  readonly strict: boolean
  /** Of a class: the properties that its text gives it, if that can be told. */
  readonly statics: ReadonlySet<string> | undefined
}

/** Enough for every function of a program; a program that makes functions from text must not fill the memory. */
const MOST_TEXTS = 4096

const strictTexts = new Map<string, FunctionText>()
const sloppyTexts = new Map<string, FunctionText>()

/**
 * Analyses the text of a function or class. `sloppy` says that the function is known to run in sloppy mode; text that
 * does not tell is taken as strict, as in every module. Throws a SyntaxError for text that cannot stand on its own.
 */
export function analyseText(source: string, sloppy: boolean): FunctionText {
  const cache = sloppy ? sloppyTexts : strictTexts
  let found = cache.get(source)
  if (found === undefined) {
    if (cache.size === MOST_TEXTS) cache.clear()
    found = readText(source, sloppy)
    cache.set(source, found)
  }
  return found
}

let acorn: typeof import('acorn') | undefined

export function parse(source: string, options: Partial<Options>): ReturnType<typeof import('acorn').parse> {
  // A static import would cost every program and every worker these 10 ms, also those that only send tasks by name.
  acorn ??= requireDependency('acorn') as typeof import('acorn')
  return acorn.parse(source, { ecmaVersion: 'latest', ...options })
}

interface Shape {
  readonly before: string
  readonly after: string
}

// The line break ends a comment that the text may end with.
const EXPRESSION: Shape = { before: '(', after: '\n)' }
const MEMBER: Shape = { before: '({', after: '\n})' }

function readText(source: string, sloppy: boolean): FunctionText {
  let failure: unknown
  for (const strict of sloppy ? [false] : [true, false]) {
    for (const shape of [EXPRESSION, MEMBER]) {
      try {
        const program = parse(shape.before + source + shape.after, {
          sourceType: strict ? 'module' : 'script',
          allowSuperOutsideMethod: true,
          checkPrivateFields: false,
        })
        return describeText(source, shape, program.body[0], strict)
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        failure ??= error
      }
    }
  }
  throw failure
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function describeText(source: string, shape: Shape, statement: AnyNode | undefined, strict: boolean): FunctionText {
  if (statement?.type !== 'ExpressionStatement') throw new SyntaxError('it is no expression')
  const { expression } = statement
  const edits: Edit[] = []
  let root: AnyNode = expression
  if (shape === MEMBER) {
    const member = expression.type === 'ObjectExpression' ? expression.properties[0] : undefined
    if (member?.type !== 'Property') throw new SyntaxError('it is no method')
    root = member.value
    if (member.computed) {
      const start = source.lastIndexOf('[', member.key.start - shape.before.length)
      edits.push({ start, end: source.indexOf(']', member.key.end - shape.before.length) + 1, text: 'method' })
    }
  }
  const findings = analyseScopes(root, strict, IMPORT_CALL, KEEP_NAME)
  for (const call of findings.importCalls) {
    const start = call.start - shape.before.length
    edits.push({ start, end: start + IMPORT_CALL.length, text: IMPORT_CALL })
  }
  const isClass = root.type === 'ClassExpression'
  return {
    ...findings,
    text: applyEdits(source, edits),
    form: shape === MEMBER ? 'method' : isClass ? 'class' : 'expression',
    strict: strict || isClass,
    statics: root.type === 'ClassExpression' ? staticNames(root) : undefined,
  }
}

function applyEdits(source: string, edits: Edit[]): string {
  let text = source
  // From the end, so that what is before keeps its place.
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + replacement + text.slice(end)
  }
  return text
}
