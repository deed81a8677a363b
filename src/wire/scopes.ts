/**
 * Scope analysis: which names in a piece of syntax are bound outside of it, and what else ties it to its place.
 *
 * One walk over the tree with a chain of scopes, as ECMAScript's rules build them: `var` belongs to the function, `let`
 * and `class` to the block, parameters to a scope around the body, the name of a function expression to one around that.
 */
import type { AnyNode, AssignmentProperty, Class, Function as FunctionNode, Identifier, Pattern, Property } from 'acorn'
import { blockNames, children, functionNames, patternNames } from './declarations.ts'
import { type Findings, makeFindings } from './findings.ts'

interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

/** What the code at hand may take for its own. */
interface Surroundings {
  readonly ownsThis: boolean
  readonly ownsArguments: boolean
  readonly ownsSuper: boolean
  /** It runs while the root class is being made. */
  readonly early: boolean
}

/**
 * Analyses a function or class expression. `importCall` is a name whose calls count as `import()`, and `harmless` one
 * that may be called while a class is made without thinking of what it calls.
 */
export function analyseScopes(root: AnyNode, strict: boolean, importCall: string, harmless: string): Findings {
  return new Walker(strict, importCall, harmless).walk(root)
}

class Walker {
  readonly #findings: Findings = makeFindings()
  readonly #strict: boolean
  readonly #importCall: string
  readonly #harmless: string
  #root: AnyNode | undefined
  #scope: Scope | undefined
  #at: Surroundings = { ownsThis: false, ownsArguments: false, ownsSuper: false, early: false }
  /** Of the classes around, innermost last. */
  readonly #privateNames: ReadonlySet<string>[] = []
  /** The scope of the root function's own name. Who assigns that name means a variable outside. */
  #ownName: Scope | undefined
  /** While the class was being made, something was called: it may reach every method. */
  #callsEarly = false

  constructor(strict: boolean, importCall: string, harmless: string) {
    this.#strict = strict
    this.#importCall = importCall
    this.#harmless = harmless
  }

  walk(root: AnyNode): Findings {
    this.#root = root
    this.#visit(root)
    if (this.#callsEarly) for (const name of this.#findings.free.values()) name.early = true
    return this.#findings
  }

  #visit(node: AnyNode | null | undefined): void {
    if (node === null || node === undefined) return
    switch (node.type) {
      case 'BreakStatement':
      case 'ContinueStatement':
        return
      case 'Identifier':
        return this.#reference(node, {})
      case 'ThisExpression':
        if (!this.#at.ownsThis) this.#findings.usesThis = true
        return
      case 'Super':
        if (!this.#at.ownsSuper) this.#findings.usesSuper = true
        return
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#findings.usesImportMeta = true
        return
      case 'PrivateIdentifier':
        return this.#visitPrivateName(node.name)
      case 'FunctionExpression':
      case 'FunctionDeclaration':
      case 'ArrowFunctionExpression':
        return this.#visitFunction(node, false)
      case 'ClassExpression':
      case 'ClassDeclaration':
        return this.#visitClass(node)
      case 'BlockStatement':
        return this.#inScope(blockNames(node.body), () => this.#visitAll(children(node)))
      case 'SwitchStatement':
        this.#visit(node.discriminant)
        return this.#inScope(blockNames(node.cases.flatMap(each => each.consequent)), () => this.#visitAll(node.cases))
      case 'CatchClause':
        return this.#inScope(patternNames(node.param), () => {
          this.#visitBinding(node.param)
          this.#visit(node.body)
        })
      case 'ForStatement':
        return this.#inScope(blockNames([node.init]), () => this.#visitAll(children(node)))
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#inScope(blockNames([node.left]), () => {
          if (node.left.type === 'VariableDeclaration') this.#visit(node.left)
          else this.#visitTarget(node.left)
          this.#visitAll([node.right, node.body])
        })
      case 'VariableDeclarator':
        this.#visitBinding(node.id)
        return this.#visit(node.init)
      case 'AssignmentExpression':
        this.#visitTarget(node.left)
        return this.#visit(node.right)
      case 'UpdateExpression':
        return this.#visitTarget(node.argument)
      case 'UnaryExpression':
        if (node.argument.type !== 'Identifier') return this.#visit(node.argument)
        return this.#reference(node.argument, { probed: node.operator === 'typeof' })
      case 'MemberExpression':
        return this.#visitMember(node.object, node.property, node.computed)
      case 'Property':
        return this.#visitProperty(node)
      case 'LabeledStatement':
        return this.#visit(node.body)
      case 'WithStatement':
        this.#findings.usesWith = true
        return this.#visitAll(children(node))
      case 'ImportExpression':
        this.#foundImport(node.start, node.source)
        return this.#visitAll(children(node))
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        this.#visitCall(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee, node)
        return this.#visitAll(children(node))
      default:
        return this.#visitAll(children(node))
    }
  }

  #visitAll(nodes: readonly (AnyNode | undefined)[]): void {
    for (const node of nodes) this.#visit(node)
  }

  #visitCall(callee: AnyNode, call: AnyNode): void {
    const name = callee.type === 'Identifier' && this.#find(callee.name) === undefined ? callee.name : undefined
    if (name === 'eval') this.#findings.callsEval = true
    if (name === this.#importCall && call.type === 'CallExpression') this.#foundImport(call.start, call.arguments[0])
    if (this.#at.early && name !== this.#harmless) this.#callsEarly = true
  }

  #foundImport(start: number, source: AnyNode | undefined): void {
    const specifier = source?.type === 'Literal' && typeof source.value === 'string' ? source.value : undefined
    this.#findings.importCalls.push({ start, specifier })
  }

  #visitFunction(node: FunctionNode, isMethod: boolean): void {
    const isArrow = node.type === 'ArrowFunctionExpression'
    // Nobody calls it while the class is made; unless something is called, and then all names count as early.
    const later = { early: false }
    const own = { ...later, ownsThis: true, ownsArguments: true, ownsSuper: isMethod }
    const name = node.type === 'FunctionExpression' && node.id ? [node.id.name] : []
    this.#inside(isArrow ? later : own, () =>
      this.#inScope(name, () => {
        if ((node as AnyNode) === this.#root) this.#ownName = this.#scope
        this.#inScope(node.params.flatMap(patternNames), () => {
          for (const param of node.params) this.#visitBinding(param)
          this.#inScope(functionNames(node.body, this.#strict), () => this.#visit(node.body))
        })
      }),
    )
  }

  #visitClass(node: Class): void {
    const isRoot = (node as AnyNode) === this.#root
    const early = isRoot || this.#at.early
    if (isRoot && node.superClass?.type === 'Identifier') this.#findings.superName = node.superClass.name
    const isPrivate = node.body.body.flatMap(member => ('key' in member ? privateName(member.key) : []))
    this.#inScope(node.id ? [node.id.name] : [], () => {
      this.#inside({ early }, () => this.#visit(node.superClass))
      this.#privateNames.push(new Set(isPrivate))
      for (const member of node.body.body) this.#visitClassMember(member, early)
      this.#privateNames.pop()
    })
  }

  #visitClassMember(member: Class['body']['body'][number], early: boolean): void {
    const own = { ownsThis: true, ownsArguments: true, ownsSuper: true }
    if (member.type === 'StaticBlock') {
      const names = [...functionNames(member, true), ...blockNames(member.body)]
      return this.#inside({ ...own, early }, () => this.#inScope(names, () => this.#visitAll(member.body)))
    }
    if (member.computed) this.#inside({ early }, () => this.#visit(member.key))
    if (member.type === 'MethodDefinition') return this.#visitFunction(member.value, true)
    return this.#inside(member.static ? { ...own, early } : own, () => this.#visit(member.value))
  }

  #visitProperty(node: Property | AssignmentProperty): void {
    if (node.computed) this.#visit(node.key)
    const isMethod = node.method || node.kind !== 'init'
    if (isMethod && node.value.type === 'FunctionExpression') this.#visitFunction(node.value, true)
    else this.#visit(node.value)
  }

  #visitMember(object: AnyNode, property: AnyNode, computed: boolean): void {
    if (object.type === 'Identifier' && !computed && property.type === 'Identifier') {
      return this.#reference(object, { member: property.name })
    }
    this.#visit(object)
    if (computed || property.type === 'PrivateIdentifier') this.#visit(property)
  }

  #visitPrivateName(name: string): void {
    if (this.#privateNames.some(names => names.has(name))) return
    this.#findings.outerPrivateName ??= `#${name}`
  }

  /** A pattern that declares its names: only defaults and computed keys refer to anything. */
  #visitBinding(pattern: Pattern | null | undefined): void {
    this.#visitPattern(pattern, () => {})
  }

  /** A pattern, or an expression, that is assigned to. */
  #visitTarget(pattern: AnyNode): void {
    this.#visitPattern(pattern, name => this.#reference(name, { assigned: true }))
  }

  #visitPattern(pattern: AnyNode | null | undefined, onName: (name: Identifier) => void): void {
    switch (pattern?.type) {
      case 'Identifier':
        return onName(pattern)
      case 'ObjectPattern':
        for (const property of pattern.properties) this.#visitPattern(property, onName)
        return
      case 'Property':
        if (pattern.computed) this.#visit(pattern.key)
        return this.#visitPattern(pattern.value, onName)
      case 'ArrayPattern':
        for (const element of pattern.elements) this.#visitPattern(element, onName)
        return
      case 'RestElement':
        return this.#visitPattern(pattern.argument, onName)
      case 'AssignmentPattern':
        this.#visitPattern(pattern.left, onName)
        return this.#visit(pattern.right)
      default:
        return this.#visit(pattern)
    }
  }

  #reference({ name }: Identifier, use: { assigned?: boolean; probed?: boolean; member?: string }): void {
    const scope = this.#find(name)
    if (scope !== undefined && !(use.assigned === true && scope === this.#ownName)) return
    if (name === 'arguments') {
      if (!this.#at.ownsArguments) this.#findings.usesArguments = true
      return
    }
    let found = this.#findings.free.get(name)
    if (found === undefined) {
      found = { assigned: false, early: false, probed: false, members: new Set() }
      this.#findings.free.set(name, found)
    }
    found.assigned ||= use.assigned ?? false
    found.probed ||= use.probed ?? false
    found.early ||= this.#at.early
    if (use.member !== undefined) found.members?.add(use.member)
    else if (use.probed !== true) found.members = undefined
  }

  #find(name: string): Scope | undefined {
    let scope = this.#scope
    while (scope !== undefined && !scope.names.has(name)) scope = scope.outer
    return scope
  }

  #inScope(names: readonly string[], visit: () => void): void {
    const outer = this.#scope
    this.#scope = { names: new Set(names), outer }
    visit()
    this.#scope = outer
  }

  #inside(surroundings: Partial<Surroundings>, visit: () => void): void {
    const outer = this.#at
    this.#at = { ...outer, ...surroundings }
    visit()
    this.#at = outer
  }
}

function privateName(key: AnyNode): string[] {
  return key.type === 'PrivateIdentifier' ? [key.name] : []
}
