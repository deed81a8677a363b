/**
 * Functions and classes inside of values: how they are described is said by function.ts, here they become part of the
 * graph, with what they capture.
 */
import { CannotSendError } from '../errors.ts'
import { builtinExport } from '../platform/builtins.ts'
import { registrationOf } from './class-registry.ts'
import { hasIdentity, identityOf } from './class-identity.ts'
import { ownState } from '#closures'
import { describeFunction, referenceTo } from './function.ts'
import { type FunctionNode, ImportReference, type TextNode } from './function-node.ts'
import type { Packing } from './packing.ts'
import { CAPTURE, CONSTRUCTOR, pathOf, WORDS } from './path.ts'
import { RUNTIME_CLASSES } from './refusals.ts'
import type { BoundSpecial, Holder } from './special.ts'
import { holderOf, refuse, type Visit } from './walk.ts'

/**
 * Nodes that need not be made again. Of classes that cross as text, because the first text is what the other side has
 * and keeps; of functions that came from the other side, because not every runtime can read what a function captures,
 * and here it is known.
 */
const nodes = new WeakMap<Function, TextNode>()

/** Keeps how a function was described that has been made here from its text. */
export function rememberNode(fn: Function, node: TextNode): void {
  nodes.set(fn, node)
}

export function packFunction(packing: Packing, visit: Visit): void {
  const { walk } = packing
  const fn = visit.value as Function
  const registered = registrationOf(fn.prototype)
  if (registered?.constructor === fn) {
    walk.open(visit, { kind: 'registered-class', name: registered.name })
    return
  }
  const node = describe(packing, visit, fn)
  if (node.kind === 'bound') {
    const args = [] as unknown as Holder
    const record: BoundSpecial = { kind: 'bound', args }
    walk.open(visit, record)
    walk.child(visit, holderOf(record), 'target', node.target, WORDS, '')
    walk.child(visit, holderOf(record), 'self', node.self, WORDS, ' › this')
    node.args.forEach((arg, i) => walk.child(visit, args, i, arg, WORDS, ` › argument ${i + 1}`))
  } else if (node.kind === 'text') {
    packText(packing, visit, fn, node)
  } else {
    walk.open(visit, { kind: 'function', node })
  }
}

function packText({ walk }: Packing, visit: Visit, fn: Function, node: TextNode): void {
  const isClass = node.form === 'class' || node.own?.['prototype'] !== undefined
  if (isClass) nodes.set(fn, node)
  const captures: Holder = {}
  const own: Holder = {}
  const holey = { ...node, ...(node.captures && { captures }), ...(node.own && { own }) }
  walk.open(visit, { kind: 'function', node: holey, ...(isClass && { identity: identityOf(fn) }) })
  walk.properties(visit, captures, node.captures ?? {}, CAPTURE)
  walk.properties(visit, own, node.own ?? {})
}

/** A value that the other side imports itself. */
export function packImport({ walk }: Packing, visit: Visit, { specifier, name, from }: ImportReference): void {
  walk.open(visit, { kind: 'function', node: { kind: 'import', specifier, name, ...(from !== undefined && { from }) } })
}

/**
 * In an error functions are mostly an accident (a request, a configuration), and the receiver cannot be asked to run
 * code that it never had. There only what has a name crosses, and classes that crossed before.
 */
function describe(packing: Packing, visit: Visit, fn: Function): FunctionNode {
  const named = packing.hints === undefined && !visit.lenient ? undefined : reference(packing, fn)
  if (named !== undefined) return named
  const known = nodes.get(fn)
  if (visit.lenient && !hasIdentity(fn)) refuse(visit, `it is the function ${fn.name || '(anonymous)'}`)
  if (known === undefined && visit.name === CONSTRUCTOR) return describeClass(visit, fn)
  if (known === undefined) return describeFunction(fn, pathOf(visit))
  return known.form === 'class' ? known : withOwnState(known, fn)
}

/** A class that is not sent for its own sake, but for that of an instance, need not be: there is another way. */
function describeClass(visit: Visit, class_: Function): FunctionNode {
  const path = pathOf(visit)
  // Some of these have a text that could be sent, or one that only the runtime can read.
  const builtin = RUNTIME_CLASSES.has(class_.name) ? builtinExport(class_) : undefined
  if (builtin !== undefined) return { kind: 'import', ...builtin }
  try {
    return describeFunction(class_, path)
  } catch (error) {
    if (!(error instanceof CannotSendError) || error.path !== path) throw error
    const hint = `registerClass(${class_.name}), in a module that is imported on both sides`
    throw new CannotSendError(path, error.reason, hint, { cause: error.cause })
  }
}

/** What a function captures stays as it is; its properties may have changed since. */
function withOwnState({ own: _own, ...node }: TextNode, fn: Function): TextNode {
  const own = ownState(fn)
  return own === undefined ? node : { ...node, own }
}

function reference({ hints }: Packing, fn: Function): FunctionNode | undefined {
  const found = referenceTo(fn, hints)
  return found && { kind: 'import', specifier: found.url, name: found.name }
}

/** Whether the class of an error can be known on the other side. Where errors must arrive, no new text is sent. */
export function canNameClass(packing: Packing, visit: Visit, class_: Function, lenient: boolean): boolean {
  if (registrationOf(class_.prototype) !== undefined || hasIdentity(class_)) return true
  if (reference(packing, class_) !== undefined) return true
  if (lenient) return false
  try {
    const node = describeFunction(class_, pathOf(visit))
    if (node.kind === 'text') nodes.set(class_, node)
    return true
  } catch (error) {
    // The class is refused for what it captures. The error itself is still worth sending.
    if (error instanceof CannotSendError) return false
    throw error
  }
}
