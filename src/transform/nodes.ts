/** The nodes of a syntax tree, of which only those matter here that can hold an `await` or are a loop. */

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly loc: { readonly start: { readonly line: number; readonly column: number } }
}

export interface Await extends Node {
  readonly type: 'AwaitExpression'
  readonly argument: Node
}

export interface Loop extends Node {
  readonly body: Node
}

/** `for await (left of right)` if `await` is true. */
export interface ForOf extends Loop {
  readonly type: 'ForOfStatement'
  readonly await: boolean
  readonly left: Node
  readonly right: Node
}

export interface Declaration extends Node {
  readonly type: 'VariableDeclaration'
  readonly kind: string
  readonly declarations: readonly Declarator[]
}

/** Of `await using`, which takes a name only. */
export interface Declarator extends Node {
  readonly id: Node & { readonly name: string }
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const loops = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'])

export function isFunction({ type }: Node): boolean {
  return functions.has(type)
}

export function isAwait(node: Node): node is Await {
  return node.type === 'AwaitExpression'
}

export function isLoop(node: Node): node is Loop {
  return loops.has(node.type)
}

export function isForOf(node: Node): node is ForOf {
  return node.type === 'ForOfStatement'
}

/** A declaration by `await using`. */
export function isAwaitUsing(node: Node): node is Declaration {
  return node.type === 'VariableDeclaration' && (node as Declaration).kind === 'await using'
}

export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) yield each
    } else if (isNode(value)) yield value
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
