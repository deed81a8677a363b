/**
 * The results that an earlier run left in the output file, made fit to go on with.
 *
 * A run that was killed may have left half a line: it is cut off. Inputs that failed are to run again, so their lines
 * go; a new file without them takes the place of the old one in one step, so that a kill in between costs nothing. The
 * lines that stay are values, each of which stands for one of the inputs, so that in the end every input is there once.
 */
import { createReadStream, existsSync, openSync, promises, statSync } from 'node:fs'
import { KeyCounts } from './key-counts.ts'
import { LineReader } from './line-reader.ts'
import { LineWriter } from './line-writer.ts'
import { reasonOf } from './system-error.ts'
import { UsageError } from './usage-error.ts'

const BLOCK = 1 << 16
const LINES = 1000
const LINE_FEED = 10

export interface EarlierResults {
  /** The length of the file, in bytes. What is behind it belongs to this run. */
  readonly size: number
  /** The inputs that failed, and have no line any more. */
  readonly failed: KeyCounts
}

/** What an input is known by: the JSON of its value. */
export function keyOf(value: unknown): string {
  return JSON.stringify(value)
}

/** Rejects with UsageError if the file holds anything else than results, or cannot be changed; it is then left as it is. */
export async function prepareResults(path: string): Promise<EarlierResults> {
  try {
    return await prepare(path)
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`cannot resume with ${path}: ${reasonOf(error)}`)
  }
}

async function prepare(path: string): Promise<EarlierResults> {
  const failed = new KeyCounts()
  if (!existsSync(path)) return { size: 0, failed }
  if (!statSync(path).isFile()) throw new UsageError(`cannot resume: ${path} is no file`)
  const size = await endOfLastLine(path)
  const failures = await findFailures(path, size, failed)
  if (failures > 0) return { size: await rewriteWithoutFailures(path, size), failed }
  await promises.truncate(path, size)
  return { size, failed }
}

/** Reads the first `size` bytes of the file, some lines at a time. */
export function readLines(path: string, size: number): LineReader {
  if (size === 0) return new LineReader((async function* () {})())
  return new LineReader(createReadStream(path, { end: size - 1 }))
}

async function endOfLastLine(path: string): Promise<number> {
  const file = await promises.open(path)
  try {
    let { size: end } = await file.stat()
    const block = Buffer.allocUnsafe(BLOCK)
    while (end > 0) {
      const start = Math.max(0, end - BLOCK)
      await file.read(block, 0, end - start, start)
      const at = block.subarray(0, end - start).lastIndexOf(LINE_FEED)
      if (at !== -1) return start + at + 1
      end = start
    }
    return 0
  } finally {
    await file.close()
  }
}

async function findFailures(path: string, size: number, failed: KeyCounts): Promise<number> {
  const reader = readLines(path, size)
  let failures = 0
  let number = 0
  for (let lines = await reader.read(LINES); lines.length > 0; lines = await reader.read(LINES)) {
    for (const line of lines) {
      number++
      if (!line.startsWith('{"input":')) throw new UsageError(`cannot resume: line ${number} of ${path} is no result`)
      const failure = failureIn(line)
      if (failure === undefined) continue
      failures++
      // A text that was no JSON never has a value, so nothing is there to be mistaken for it.
      if (!failure.unreadable) failed.add(keyOf(failure.input))
    }
  }
  return failures
}

function failureIn(line: string): { input: unknown; unreadable: boolean } | undefined {
  // Most lines are values, and need not be parsed to see that.
  if (!line.includes(',"error":{')) return undefined
  const { input, error } = JSON.parse(line) as { input: unknown; error?: { name: string; line?: number } }
  return error && { input, unreadable: error.name === 'SyntaxError' && error.line !== undefined }
}

async function rewriteWithoutFailures(path: string, size: number): Promise<number> {
  // Not where a link stands, but where it leads to.
  const target = await promises.realpath(path)
  const next = `${target}.resume`
  let failure: unknown
  const writer = new LineWriter(openSync(next, 'w', statSync(target).mode), error => (failure = error))
  const reader = readLines(path, size)
  for (let lines = await reader.read(LINES); lines.length > 0; lines = await reader.read(LINES)) {
    const kept = lines.filter(line => failureIn(line) === undefined)
    writer.write(kept.map(line => `${line}\n`).join(''))
    await writer.room()
  }
  await writer.end()
  if (failure !== undefined) {
    await promises.rm(next)
    throw failure
  }
  await promises.rename(next, target)
  return statSync(target).size
}
