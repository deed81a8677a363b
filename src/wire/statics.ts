/** Which properties of a class its own text makes. Compilers for older targets add others behind it. */
import type { AnyNode, Class } from 'acorn'
import { KEEP_NAME } from './function-node.ts'

/** Undefined if that cannot be told, since a static block may do anything. */
export function staticNames({ body }: Class): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  for (const member of body.body) {
    if (member.type === 'StaticBlock') {
      for (const statement of member.body) {
        const assigned = assignedByBlock(statement)
        if (assigned === undefined) return undefined
        if (assigned !== '') names.add(assigned)
      }
    } else if (member.static && member.type === 'PropertyDefinition') {
      if (member.computed) return undefined
      if (member.key.type === 'Identifier') names.add(member.key.name)
      if (member.key.type === 'Literal') names.add(String(member.key.value))
    }
  }
  return names
}

/** The property that a statement makes; empty if it is known to make none; undefined if it may do anything. */
function assignedByBlock(statement: AnyNode): string | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined
  const { expression } = statement
  if (expression.type === 'CallExpression') {
    return expression.callee.type === 'Identifier' && expression.callee.name === KEEP_NAME ? '' : undefined
  }
  if (expression.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression') return undefined
  const { object, property, computed } = expression.left
  return object.type === 'ThisExpression' && !computed && property.type === 'Identifier' ? property.name : undefined
}
