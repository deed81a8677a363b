/** What scope analysis finds out about a function: everything that ties its text to the place where it stands. */

/** How a name from outside is used. */
export interface FreeName {
  /** Something is stored in it. */
  assigned: boolean
  /** Needed while the class is being made: by `extends`, a computed key or a static initialiser. */
  early: boolean
  /** `typeof name` occurs, so that it need not exist. */
  probed: boolean
  /** The properties that are read from it; undefined if anything else is done with it. */
  members: Set<string> | undefined
}

/** A dynamic `import()`: where its keyword is, and what it imports if that is a literal. */
interface ImportCall {
  readonly start: number
  readonly specifier: string | undefined
}

export interface Findings {
  readonly free: Map<string, FreeName>
  readonly importCalls: ImportCall[]
  usesThis: boolean
  usesArguments: boolean
  usesSuper: boolean
  usesImportMeta: boolean
  usesWith: boolean
  callsEval: boolean
  /** The class extends what has this name outside of it. */
  superName: string | undefined
  /** A private name that is declared by a class somewhere around. */
  outerPrivateName: string | undefined
}

export function makeFindings(): Findings {
  return {
    free: new Map(),
    importCalls: [],
    usesThis: false,
    usesArguments: false,
    usesSuper: false,
    usesImportMeta: false,
    usesWith: false,
    callsEval: false,
    superName: undefined,
    outerPrivateName: undefined,
  }
}
