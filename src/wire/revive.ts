/**
 * Makes a function in the thread that it was sent to.
 *
 * A function that travels as text is compiled inside of another one which has its captures as variables. Two steps, so
 * that functions can capture each other: `createFunction` makes it, `fill` gives it its captures once they are made.
 */
import { CannotLoadError } from '../errors.ts'
import { absoluteSpecifier, compile, importModule, isUrl, type Place } from '../platform/modules.ts'
import { IMPORT_CALL, KEEP_NAME, type FunctionNode, type ModuleName, type TextNode } from './function-node.ts'
import { loadName, loadTask, whenThere, type Maybe } from './load.ts'
import { giveOwnState } from './own-state.ts'

export { loadedModules } from './load.ts'

type Values = Readonly<Record<string, unknown>>

export interface Created {
  /** The function. A class that is `early` is made by `fill`, from captures that are made already. */
  readonly value: Function
  readonly early?: boolean
  /** Puts in the captures, and the properties of the function itself. To be called once, if it is there. */
  fill?(captures: Values, own: Values | undefined): void
  /**
   * There if it imports something. Imports are live: a module may export another value later. Who keeps the function
   * for more than one call calls this before each.
   */
  refresh?(): void
}

/**
 * Makes the function of a description. Of a bound one, the parts have to be made already.
 * A promise only where a module has to be imported. Throws, or rejects with, CannotLoadError.
 */
export function createFunction(node: FunctionNode): Maybe<Created> {
  switch (node.kind) {
    case 'task':
      return whenThere(loadTask(node), value => ({ value }))
    case 'import':
      return whenThere(loadName(node), read => ({ value: functionIn(read(), node) }))
    case 'global':
      return { value: globalAt(node.path) }
    case 'bound':
      return { value: Function.prototype.bind.call(node.target, node.self, ...node.args) as Function }
    default:
      return whenThere(loadImports(node), imports => new FromText(node, imports))
  }
}

/** What an ImportReference stands for. */
export function importReference(specifier: string, name: string, from?: string): Maybe<unknown> {
  return whenThere(loadName(from === undefined ? { specifier, name } : { specifier, name, from }), read => read())
}

function functionIn(value: unknown, { specifier, name }: ModuleName): Function {
  if (typeof value === 'function') return value
  throw new CannotLoadError(`what ${specifier} exports as "${name}" is no function in this thread`)
}

function globalAt(path: readonly string[]): Function {
  let value: unknown = globalThis
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name]
  if (typeof value === 'function') return value
  throw new CannotLoadError(`this thread has no global function ${path.join('.')}`)
}

/** Reads the values of imports, by the names of the variables. */
type Imports = () => Values

function loadImports({ imports = {} }: TextNode): Maybe<Imports> {
  const names = Object.keys(imports)
  const readers = names.map(name => loadOrReject(imports[name]!))
  const together = (all: (() => unknown)[]) => () => Object.fromEntries(names.map((name, i) => [name, all[i]!()]))
  const isThere = readers.every(reader => !(reader instanceof Promise))
  return isThere
    ? together(readers as (() => unknown)[])
    : Promise.all(readers.map(async reader => reader)).then(together)
}

/** What fails at once fails like what fails later, so that no other import is left with nobody to hear of its failure. */
function loadOrReject(name: ModuleName): Maybe<() => unknown> {
  try {
    return loadName(name)
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new CannotLoadError(String(error)))
  }
}

class FromText implements Created {
  readonly #node: TextNode
  readonly #imports: Imports
  readonly #parts: Parts
  #value: Function | undefined

  constructor(node: TextNode, imports: Imports) {
    this.#node = node
    this.#imports = imports
    this.#parts = factoryOf(node)()
    this.refresh()
    if (!this.early) this.#make()
  }

  get early(): boolean {
    return this.#node.early === true
  }

  get value(): Function {
    if (this.#value === undefined) throw new Error('a class was asked for before its captures were filled in')
    return this.#value
  }

  fill(captures: Values, own: Values | undefined): void {
    this.#parts.setCaptures(captures)
    if (this.early) this.#make()
    if (own !== undefined) giveOwnState(this.value, own)
  }

  refresh(): void {
    const { from } = this.#node
    const importCall = (specifier: string, options?: ImportCallOptions) => importFor(from, specifier, options)
    this.#parts.setGiven({ ...this.#imports(), [IMPORT_CALL]: importCall, [KEEP_NAME]: nameFunction })
  }

  #make(): void {
    const { form, name, self = [] } = this.#node
    const made = this.#parts.make()
    const value = form === 'method' ? onlyMember(made as object) : (made as Function)
    // As it would be if the text still stood behind `const name =`.
    if (name !== undefined && value.name !== name) nameFunction(value, name)
    this.#parts.setSelf(Object.fromEntries(self.map(each => [each, value])))
    this.#value = value
  }
}

/** The method or accessor that is the only member. */
function onlyMember(holder: object): Function {
  const member: PropertyDescriptor = Object.values(Object.getOwnPropertyDescriptors(holder))[0] ?? {}
  return (['value', 'get', 'set'] as const).map(part => member[part] as unknown).find(isFunction)!
}

function isFunction(value: unknown): value is Function {
  return typeof value === 'function'
}

function nameFunction<F extends Function>(fn: F, name: string): F {
  return Object.defineProperty(fn, 'name', { value: name, configurable: true })
}

async function importFor(from: string | undefined, specifier: unknown, options?: ImportCallOptions): Promise<object> {
  const wanted = String(specifier)
  if (from !== undefined || isUrl(absoluteSpecifier(wanted, undefined))) return importModule(wanted, from, options)
  throw new CannotLoadError(`cannot import "${wanted}": it is not known in which file that stands; use an absolute URL`)
}

/** One closure of a compiled text: its variables can be set in groups, and it makes the function or its holder. */
interface Parts {
  /** Imports, and what the text takes for given. */
  setGiven(values: Values): void
  setCaptures(values: Values): void
  /** The function itself, under names that it has outside. */
  setSelf(values: Values): void
  make(): unknown
}

const factories = new Map<string, () => Parts>()

/** Enough for every function of a program; a program that makes functions from text must not fill the memory. */
const MOST_FACTORIES = 4096

function factoryOf(node: TextNode): () => Parts {
  const given = [
    ...Object.keys(node.imports ?? {}),
    ...[IMPORT_CALL, KEEP_NAME].filter(name => node.text.includes(name)),
  ]
  const groups = { setGiven: given, setCaptures: Object.keys(node.captures ?? {}), setSelf: node.self ?? [] }
  const names = Object.values(groups).flat()
  // Without parameters, since any name might be one that the text takes from outside; `arguments` cannot be.
  const setters = Object.entries(groups).map(([name, group]) => `${name}(){({${group.join()}}=arguments[0])}`)
  const before =
    (node.strict ? '"use strict";' : '') +
    (names.length > 0 ? `let ${names.join()};` : '') +
    `return{${setters.join()},make:()=>(${node.form === 'method' ? '{' : ''}`
  const body = `${before}${node.text}\n${node.form === 'method' ? '}' : ''})}`
  const file = node.from ?? `multitask:${node.name ?? ''}`
  const { line = 0, column = 0 } = node
  const key = `${file}:${line}:${column}:${body}`
  let factory = factories.get(key)
  if (factory === undefined) {
    if (factories.size === MOST_FACTORIES) factories.clear()
    factory = compileText(body, { file, line, column: column - before.length })
    factories.set(key, factory)
  }
  return factory
}

function compileText(body: string, place: Place): () => Parts {
  try {
    return compile(body, place) as () => Parts
  } catch (error) {
    throw new CannotLoadError(`cannot compile a function of ${place.file}: ${String(error)}`, { cause: error })
  }
}
