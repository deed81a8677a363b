/**
 * What runs where the function runs: in a worker, or on the command's own event loop for `--on loop`.
 *
 * Inputs come as texts and values go back as texts, so that the one thread that reads and writes them all does neither
 * the parsing nor the printing. What the function throws comes back beside the values: one bad input must not cost
 * those that travelled with it.
 */
import { currentTask, task } from '../index.ts'
import { keepStdoutForResults } from './console.ts'
import { type Failure, failureOf } from './failure.ts'
import { toJson } from './json.ts'
import { explainLoadError } from './load-error.ts'

/** The function, and what to do with each input. */
export interface Job {
  readonly url: string
  readonly exportName: string
  /** Inputs are JSON, not plain text. */
  readonly parse: boolean
  /** Go on behind an input that failed. */
  readonly keepGoing: boolean
  /** Throw what the function throws, for the executor to run it again. Only for single inputs. */
  readonly rethrow: boolean
}

export interface Chunk {
  /** For each input as far as it came: its value as JSON, or why it has none. */
  readonly outcomes: readonly (string | Failure)[]
  /** Milliseconds that it took here. */
  readonly elapsed: number
}

/** What is there under the name of an export. */
export type Finding =
  | { readonly kind: 'function' }
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'missing'; readonly functions: readonly string[] }
  | { readonly kind: 'broken'; readonly report: string }

type MapFunction = (input: unknown) => unknown

const loaded = new Map<string, MapFunction>()

/**
 * Runs the function over `texts`, one after the other. `lines`: where each stands in its file, 0 if in none.
 * Throws what is meant for the executor, and only if no input has an outcome that would be lost.
 */
export async function runChunk(job: Job, texts: readonly string[], lines: readonly number[]): Promise<Chunk> {
  const fn = loaded.get(`${job.url}#${job.exportName}`) ?? (await load(job))
  const began = performance.now()
  const current = currentTask()
  const outcomes: (string | Failure)[] = []
  for (const [index, text] of texts.entries()) {
    try {
      current.throwIfCancelled()
      const value = fn(job.parse ? parse(text, lines[index]!) : text)
      outcomes.push(toJson(typeof value === 'object' && value !== null ? await settled(value) : value))
    } catch (error) {
      const stopped = current.signal.aborted
      if (stopped && outcomes.length > 0) break
      if (stopped || job.rethrow) throw error
      outcomes.push(failureOf(error))
      if (!job.keepGoing) break
    }
  }
  return { outcomes, elapsed: performance.now() - began }
}

/** Imports the module and looks for the export. Rejects with nothing that the module does wrong. */
export async function inspectModule(url: string, exportName: string): Promise<Finding> {
  keepStdoutForResults()
  try {
    const namespace = (await import(url)) as object
    const found = lookUp(namespace, exportName)
    if (found === undefined) return { kind: 'missing', functions: functionsOf(namespace) }
    if (typeof found === 'function' && !isClass(found)) return { kind: 'function' }
    return { kind: 'other', what: kindOf(found) }
  } catch (error) {
    return { kind: 'broken', report: explainLoadError(error, url) }
  }
}

task(import.meta.url, runChunk)
task(import.meta.url, inspectModule)

async function load({ url, exportName }: Job): Promise<MapFunction> {
  keepStdoutForResults()
  const fn = lookUp((await import(url)) as object, exportName) as MapFunction
  loaded.set(`${url}#${exportName}`, fn)
  return fn
}

/** `import` only guesses the names in a CommonJS module; what it missed is a property of the default export. */
function lookUp(namespace: object, name: string): unknown {
  for (const holder of [namespace, (namespace as { default?: unknown }).default]) {
    // Only own properties: every object has a `toString`.
    if (Object(holder) === holder && Object.hasOwn(holder as object, name)) {
      return (holder as Record<string, unknown>)[name]
    }
  }
  return undefined
}

function functionsOf(namespace: object): string[] {
  const holders = [namespace, (namespace as { default?: unknown }).default].filter(each => typeof each === 'object')
  const entries = holders.flatMap(each => Object.entries(each as object))
  const functions = entries.filter(([, value]) => typeof value === 'function' && !isClass(value as Function))
  return [...new Set(functions.map(([name]) => name))]
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'function' ? 'a class' : `a ${typeof value}`
}

function isClass(fn: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn))
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const where = line === 0 ? {} : { line }
    const sentence = `invalid JSON${line === 0 ? '' : ` in line ${line}`}: ${(error as Error).message}`
    throw Object.assign(new SyntaxError(sentence), where)
  }
}

/** The value of a promise. What comes bit by bit is read to its end, as an array. */
async function settled(value: unknown): Promise<unknown> {
  const result = await value
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) return result
  const items: unknown[] = []
  for await (const item of result as AsyncIterable<unknown>) items.push(item)
  return items
}
