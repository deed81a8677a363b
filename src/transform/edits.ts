/**
 * What is written into the source text of a file: calls at its awaits, and at the beginning of each turn of its loops.
 *
 * The calls explain themselves: they ask the global object for who is to be called and do without if there is nobody.
 * With an import instead, a function could no longer be sent to another thread as its text. Nothing goes to another line,
 * so that lines in stack traces stay true without a map.
 *
 * An `await` outside of functions is left as it is: modules are loaded, no schedule runs them.
 */
import type { Program } from 'acorn'
import type MagicString from 'magic-string'
import {
  childrenOf,
  type Declaration,
  type Declarator,
  type ForOf,
  isAwait,
  isAwaitUsing,
  isForOf,
  isFunction,
  isLoop,
  type Loop,
  type Node,
} from './nodes.ts'

export interface Edits {
  /** Whether awaits, and loops, are to be marked. */
  readonly awaits: boolean
  readonly checkpoints: boolean
}

/** Where something stands, for people: `bank.ts:12`. */
export type PlaceOf = (position: { readonly line: number; readonly column: number }) => string

/** Of what is awaited, as much as is told. */
const LONGEST = 28

export class Editor {
  readonly #text: MagicString
  readonly #edits: Edits
  readonly #placeOf: PlaceOf
  readonly #prefix: string
  #resources = 0

  constructor(text: MagicString, edits: Edits, placeOf: PlaceOf) {
    this.#text = text
    this.#edits = edits
    this.#placeOf = placeOf
    this.#prefix = unusedPrefix(text.original)
  }

  edit(program: Program): void {
    this.#visit(program as unknown as Node, false)
  }

  /** What is inside comes first: where two things end together, what closes the inner one is written first. */
  #visit(node: Node, inFunction: boolean): void {
    const isInside = inFunction || isFunction(node)
    for (const child of childrenOf(node)) this.#visit(child, isInside)
    const { awaits, checkpoints } = this.#edits
    const marks = awaits && isInside
    if (marks && isAwait(node)) this.#await(node)
    if (marks && isAwaitUsing(node)) this.#resourcesOf(node)
    if (!isLoop(node)) return
    const begin = checkpoints ? CHECKPOINT : ''
    if (!marks || !isForOf(node)) return this.#beginTurn(node, begin)
    if (node.await) this.#each(node)
    this.#beginTurn(node, begin + this.#resourceOfTurn(node))
  }

  #await(node: Node): void {
    const { start, end } = node
    this.#text.appendLeft(start + 'await'.length, ` ${ask('at')}(`)
    this.#text.appendLeft(end, `, ${this.#told(this.#text.original.slice(start, end), node)})`)
  }

  #each(node: ForOf): void {
    const { start, end, type } = node.right
    // A list of expressions stands in brackets of its own, which are not a part of it.
    const [open, close] = type === 'SequenceExpression' ? ['(', ')'] : ['', '']
    const told = this.#told(`for await … of ${this.#text.original.slice(start, end)}`, node)
    this.#text.appendRight(start, `${ask('each')}(${open}`)
    this.#text.appendLeft(end, `${close}, ${told})`)
  }

  /** `await using x = f()` becomes `const x = f(); await using y = …(x)`, which is disposed of in its place. */
  #resourcesOf(node: Declaration): void {
    if (node.declarations.some(({ end, id }) => end === id.end)) return
    const { original } = this.#text
    this.#text.update(node.start, node.declarations[0]!.start, 'const ')
    node.declarations.forEach((declaration, index) => {
      this.#text.appendLeft(declaration.end, `; ${this.#resource(declaration, node)}`)
      const next = node.declarations[index + 1]
      if (next === undefined) return
      const comma = commaAfter(original, declaration.end)
      this.#text.update(comma, comma + 1, '; const')
    })
  }

  /** The same for the variable of a loop, at the beginning of each turn. */
  #resourceOfTurn({ left }: ForOf): string {
    if (!isAwaitUsing(left)) return ''
    const declarator = left.declarations[0]!
    this.#text.update(left.start, declarator.start, 'const ')
    return `${this.#resource(declarator, left)};`
  }

  #resource({ id: { name } }: Declarator, node: Node): string {
    const told = this.#told(`await using ${name}`, node)
    return `await using ${this.#prefix}${this.#resources++} = ${ask('resource')}(${name}, ${told})`
  }

  #beginTurn({ body }: Loop, begin: string): void {
    if (begin === '') return
    if (body.type === 'BlockStatement') this.#text.appendLeft(body.start + 1, ` ${begin}`)
    else {
      this.#text.appendLeft(body.start, `{ ${begin} `)
      this.#text.appendLeft(body.end, ' }')
    }
  }

  #told(code: string, { loc }: Pick<Node, 'loc'>): string {
    const line = code.replaceAll(/\s+/g, ' ')
    const short = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
    return JSON.stringify(`${short} (${this.#placeOf(loc.start)})`)
  }
}

function ask(point: string): string {
  return `(globalThis.__multitask?.${point} ?? (v => v))`
}

const CHECKPOINT = 'globalThis.__multitaskCheckpoint?.();'

/** For the names of resources. */
function unusedPrefix(source: string): string {
  let prefix = '__resource'
  while (source.includes(prefix)) prefix += '_'
  return prefix
}

/** Where the comma is that follows, behind spaces and comments. */
function commaAfter(source: string, from: number): number {
  const between = /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(source.slice(from))!
  return from + between[0].length
}
