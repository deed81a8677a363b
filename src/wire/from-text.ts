/**
 * Makes a function from its text, which is compiled inside of another function that has the captures as variables.
 */
import { CannotLoadError } from '../errors.ts'
import { absoluteSpecifier, compile, importModule, isUrl, type Place } from '../platform/modules.ts'
import { type Created, IMPORT_CALL, KEEP_NAME, type ModuleName, type TextNode, type Values } from './function-node.ts'
import { loadName, whenThere, type Maybe } from './load.ts'
import { giveOwnState } from './own-state.ts'

/** A promise only where it imports something that has to be loaded. Throws, or rejects with, CannotLoadError. */
export function functionFromText(node: TextNode): Maybe<Created> {
  return whenThere(loadImports(node), imports => new FromText(node, imports))
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
