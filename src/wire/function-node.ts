/** The description of a function or class: what crosses in its place. */

/** How a worker gets a value out of a module that it loads itself. */
export interface ModuleName {
  readonly specifier: string
  /** The name of an export; `*` stands for the whole module. */
  readonly name: string
  /** The URL of the file that the specifier stands in. Not there if the specifier means the same everywhere. */
  readonly from?: string
  /** What follows `with` in the import, such as `{ type: 'json' }`. */
  readonly attributes?: Readonly<Record<string, string>>
  /**
   * Not there for `import`. `require` asks CommonJS's loader, and takes a property of what it returns. `interop` and
   * `node-interop` wrap that first, as compilers do that turn `import` into `require`: `default` is the
   * whole of a module that was never compiled, or, in Node's reading, of any. `createRequire` is a `require` itself.
   */
  readonly via?: 'require' | 'interop' | 'node-interop' | 'createRequire'
}

/** A value imported again on the other side. The packer treats an instance found anywhere as a node of its own. */
export class ImportReference {
  readonly specifier: string
  /** The name of an export; `*` stands for the namespace. */
  readonly name: string
  /** The URL that a relative specifier, or the name of a package, is resolved against. */
  readonly from: string | undefined

  constructor(specifier: string, name: string, from?: string) {
    this.specifier = specifier
    this.name = name
    this.from = from
  }
}

/** A function that `task()` marked: the worker imports its module, which marks it there too. */
export interface TaskNode {
  readonly kind: 'task'
  readonly url: string
  /** Its name and its place among the tasks of that name in the module. */
  readonly id: string
  /** Of its text, so that another function is never run in its place; 0 if the texts of both sides cannot be compared. */
  readonly hash: number
  /** The module is the program's entry, which must not start the program again in a worker. */
  readonly entry?: true
}

export interface ImportNode extends ModuleName {
  readonly kind: 'import'
}

/** `['Math', 'max']`, `['Array', 'prototype', 'slice']`. */
interface GlobalNode {
  readonly kind: 'global'
  readonly path: readonly string[]
}

/** A function as its text. All of it can be cloned, but for the values of `captures` and `own`. */
export interface TextNode {
  readonly kind: 'text'
  readonly text: string
  /** How the text is read: an expression, or a member of an object literal. */
  readonly form: 'expression' | 'class' | 'method'
  /** Not there if the class defines its name itself. */
  readonly name?: string
  readonly strict: boolean
  /** The URL of the file that it stands in, and where there, from zero. */
  readonly from?: string
  readonly line?: number
  readonly column?: number
  /** Names that it knows itself by, beside the one in its text. */
  readonly self?: readonly string[]
  /** Names that it takes from modules. */
  readonly imports?: Readonly<Record<string, ModuleName>>
  /** Variables, by name, whose values are copied. */
  readonly captures?: Readonly<Record<string, unknown>>
  /** The class needs some of its captures while it is made: they have to be filled in first. */
  readonly early?: true
  /** Properties that the program gave to the function. `prototype` holds what was added to it. */
  readonly own?: Readonly<Record<string, unknown>>
}

export interface BoundNode {
  readonly kind: 'bound'
  readonly target: Function
  readonly self: unknown
  readonly args: readonly unknown[]
}

export type FunctionNode = TaskNode | ImportNode | GlobalNode | TextNode | BoundNode

export interface FunctionIdentity {
  /** Equal exactly when the function is the same. */
  readonly key: string
  /** Can be cloned as it is. */
  readonly node: FunctionNode
}

/** Where a function or class can be imported from. */
export interface Reference {
  readonly url: string
  readonly name: string
}

export type Values = Readonly<Record<string, unknown>>

/** What becomes of a description on the other side. */
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
 * What `import` is written as in a sent text, where the receiver provides a function of that name: code that was made
 * from text has no loader of its own. It is as long as the word that it replaces, so that columns stay true.
 */
export const IMPORT_CALL = '$mport'

/** The function that esbuild, and so tsx, wraps around functions to keep their names. The receiver provides it. */
export const KEEP_NAME = '__name'
