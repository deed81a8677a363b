/**
 * What a module imports and exports, by the names that its own code uses. Read from the source that really runs, so
 * TypeScript, bundlers and loaders have had their say.
 */
import type { AnyNode, CallExpression, ImportDeclaration, Pattern, VariableDeclarator } from 'acorn'
import type { Script } from '../platform/scripts.ts'
import { children, patternNames } from './declarations.ts'
import { parse } from './free-names.ts'
import type { ModuleName } from './function-node.ts'

export interface ModuleBindings {
  /** The whole of it stands in a function that is called at once, so that its variables are one scope further in. */
  readonly isWrapped: boolean
  /** What a variable of the module was imported from. */
  readonly imports: ReadonlyMap<string, ModuleName>
  /**
   * Under which name a variable of the module is exported. Without those that functions of the module assign: what they
   * are here need not be what they are where the module was imported anew.
   */
  readonly exports: ReadonlyMap<string, string>
  /** Where a default export stands that has no variable: `export default () => …`. */
  readonly defaultExport: { readonly start: number; readonly end: number } | undefined
}

const known = new WeakMap<Script, ModuleBindings>()

export function bindingsOf(script: Script): ModuleBindings {
  let bindings = known.get(script)
  if (bindings === undefined) {
    bindings = readBindings(script)
    known.set(script, bindings)
  }
  return bindings
}

function readBindings({ source, isModule }: Script): ModuleBindings {
  const body = statements(source, isModule)
  const wrapped = isModule ? undefined : bodyOfWrapper(body)
  const top = wrapped ?? body
  const later = isModule ? namesAssignedLater(top) : new Set<string>()
  const found = top.flatMap(exportsOf).filter(([local]) => !later.has(local))
  return {
    isWrapped: wrapped !== undefined,
    imports: new Map(top.flatMap(node => (node.type === 'ImportDeclaration' ? importsOf(node) : requiredIn(node)))),
    exports: new Map(found),
    defaultExport: top.map(namelessDefault).find(place => place !== undefined),
  }
}

/** Code that cannot be parsed is no module that we know how to read; functions in it are still sent as text. */
function statements(source: string, isModule: boolean): readonly AnyNode[] {
  try {
    return parse(source, {
      sourceType: isModule ? 'module' : 'script',
      allowReturnOutsideFunction: !isModule,
      allowHashBang: true,
    }).body
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** As tsx compiles to CommonJS, and bundlers for browsers: `(() => { … })()`. */
function bodyOfWrapper(body: readonly AnyNode[]): readonly AnyNode[] | undefined {
  for (const node of body) {
    if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression') continue
    const { callee, arguments: args } = node.expression
    const isFunction = callee.type === 'ArrowFunctionExpression' || callee.type === 'FunctionExpression'
    if (isFunction && args.length === 0 && callee.body.type === 'BlockStatement') return callee.body.body
  }
  return undefined
}

function importsOf({ source, specifiers, attributes }: ImportDeclaration): [string, ModuleName][] {
  const from = {
    specifier: String(source.value),
    ...(attributes.length > 0 && {
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [nameOf(key), String(value.value)])),
    }),
  }
  return specifiers.map(each => {
    switch (each.type) {
      case 'ImportDefaultSpecifier':
        return [each.local.name, { ...from, name: 'default' }]
      case 'ImportNamespaceSpecifier':
        return [each.local.name, { ...from, name: '*' }]
      default:
        return [each.local.name, { ...from, name: nameOf(each.imported) }]
    }
  })
}

function exportsOf(node: AnyNode): [local: string, exported: string][] {
  if (node.type === 'ExportDefaultDeclaration') {
    const { declaration } = node
    if (declaration.type === 'Identifier') return [[declaration.name, 'default']]
    return 'id' in declaration && declaration.id ? [[declaration.id.name, 'default']] : []
  }
  if (node.type !== 'ExportNamedDeclaration' || node.source) return []
  return [
    ...declaredBy(node.declaration).map((name): [string, string] => [name, name]),
    ...node.specifiers.map(({ local, exported }): [string, string] => [nameOf(local), nameOf(exported)]),
  ]
}

function namelessDefault(node: AnyNode): ModuleBindings['defaultExport'] {
  if (node.type !== 'ExportDefaultDeclaration' || exportsOf(node).length > 0) return undefined
  const { start, end } = node.declaration
  return { start, end }
}

function requiredIn(node: AnyNode): [string, ModuleName][] {
  return node.type === 'VariableDeclaration' ? node.declarations.flatMap(requiresOf) : []
}

/** The names that are assigned in functions, wherever these are: shadowing is not looked at, since it errs to the safe side. */
function namesAssignedLater(body: readonly AnyNode[]): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: AnyNode, isInFunction: boolean): void => {
    if (isInFunction && node.type === 'AssignmentExpression') patternNames(node.left).forEach(name => names.add(name))
    if (isInFunction && node.type === 'UpdateExpression' && node.argument.type === 'Identifier') {
      names.add(node.argument.name)
    }
    const isFunction = /Function/.test(node.type)
    for (const child of children(node)) visit(child, isInFunction || isFunction)
  }
  for (const node of body) visit(node, false)
  return names
}

/**
 * `const x = require('y')` at the top of a CommonJS file is an import in all but name: the value is one that each
 * thread has to make for itself. So is what compilers make of `import`: `var x = __toESM(require('y'))`.
 */
function requiresOf({ id, init }: VariableDeclarator): [string, ModuleName][] {
  const call = init?.type === 'MemberExpression' ? init.object : init
  if (call?.type !== 'CallExpression') return []
  const specifier = requiredBy(call)
  if (specifier !== undefined) {
    const via = 'require'
    if (init?.type !== 'MemberExpression') return namesIn(id, specifier)
    const { property, computed } = init
    if (id.type !== 'Identifier' || computed || property.type !== 'Identifier') return []
    return [[id.name, { specifier, name: property.name, via }]]
  }
  const [inner, mode] = call.arguments
  if (id.type !== 'Identifier' || inner?.type !== 'CallExpression' || init !== call) return []
  const wrapped = requiredBy(inner)
  if (wrapped === undefined || !isInterop(call.callee)) return []
  return [[id.name, { specifier: wrapped, name: '*', via: mode === undefined ? 'interop' : 'node-interop' }]]
}

function namesIn(pattern: Pattern, specifier: string): [string, ModuleName][] {
  if (pattern.type === 'Identifier') return [[pattern.name, { specifier, name: '*', via: 'require' }]]
  if (pattern.type !== 'ObjectPattern') return []
  return pattern.properties.flatMap((each): [string, ModuleName][] => {
    if (each.type !== 'Property' || each.computed || each.value.type !== 'Identifier') return []
    return [[each.value.name, { specifier, name: nameOf(each.key), via: 'require' }]]
  })
}

function requiredBy({ callee, arguments: [first] }: CallExpression): string | undefined {
  if (callee.type !== 'Identifier' || callee.name !== 'require') return undefined
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined
}

/** Of esbuild, TypeScript and Babel, in this order. TypeScript's may be a member of `tslib`. */
function isInterop(callee: AnyNode): boolean {
  const name = callee.type === 'MemberExpression' ? callee.property : callee
  return name.type === 'Identifier' && /^(__toESM|__import(Star|Default)|_interopRequire\w+)$/.test(name.name)
}

function declaredBy(declaration: AnyNode | null | undefined): string[] {
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(each => patternNames(each.id))
  const isNamed = declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration'
  return isNamed && declaration.id ? [declaration.id.name] : []
}

function nameOf(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : ''
}
