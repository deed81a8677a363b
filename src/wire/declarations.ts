/** Which names a piece of syntax declares, by ECMAScript's rules of hoisting. */
import type { AnyNode, Pattern } from 'acorn'

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

/** The nodes directly below. */
export function children(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode)
}

/** The names that a pattern binds. */
export function patternNames(pattern: Pattern | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap(each => patternNames(each.type === 'Property' ? each.value : each.argument))
    case 'ArrayPattern':
      return pattern.elements.flatMap(patternNames)
    case 'RestElement':
      return patternNames(pattern.argument)
    case 'AssignmentPattern':
      return patternNames(pattern.left)
    default:
      return []
  }
}

/** What statements declare for the block that they are in: `let`, `const`, `using`, classes and functions. */
export function blockNames(statements: readonly (AnyNode | null | undefined)[]): string[] {
  return statements.flatMap(node => {
    switch (node?.type) {
      case 'VariableDeclaration':
        return node.kind === 'var' ? [] : node.declarations.flatMap(each => patternNames(each.id))
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return node.id ? [node.id.name] : []
      default:
        return []
    }
  })
}

/**
 * What a body declares for the whole function: every `var` in it, however deep. In sloppy code a function that is
 * declared in a block is also a `var` of the function around it.
 */
export function functionNames(body: AnyNode, strict: boolean): string[] {
  return children(body).flatMap(node => {
    switch (node.type) {
      case 'FunctionDeclaration':
        return strict || !node.id ? [] : [node.id.name]
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassDeclaration':
      case 'ClassExpression':
        return []
      case 'VariableDeclaration':
        return [
          ...(node.kind === 'var' ? node.declarations.flatMap(each => patternNames(each.id)) : []),
          ...functionNames(node, strict),
        ]
      default:
        return functionNames(node, strict)
    }
  })
}
