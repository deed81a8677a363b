/** The inputs that the command line names: arguments and lists, or else standard input. */
import { createReadStream, fstatSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { MapOptions } from './args.ts'
import { expandGlobs } from './globs.ts'
import { type InputSource, JoinedInputs, LineInputs, ListedInputs } from './inputs.ts'
import { countLines } from './line-count.ts'
import { LineReader } from './line-reader.ts'
import { codeOf, reasonOf } from './system-error.ts'
import { UsageError } from './usage-error.ts'

const STDIN = 0

/** Rejects with UsageError for a list that cannot be opened and for a pattern that matches nothing. */
export async function openInputs(options: MapOptions): Promise<InputSource> {
  const sources: InputSource[] = []
  if (options.inputs.length > 0) {
    const expand = options.glob && !options.ndjson
    sources.push(new ListedInputs(expand ? await expandGlobs(options.inputs) : options.inputs))
  }
  if (options.files !== undefined) sources.push(options.files === '-' ? standardInput(true) : list(options.files))
  return sources.length === 0 ? standardInput(options.ndjson) : new JoinedInputs(sources)
}

/** Whether the user is going to type the inputs. */
export function typesInputs({ inputs, files }: MapOptions): boolean {
  return (files === '-' || (files === undefined && inputs.length === 0)) && isatty(STDIN)
}

/** Throws UsageError for `< folder`, which some runtimes read as if nothing were in it. */
function standardInput(skipEmpty: boolean): InputSource {
  if (isFolder(STDIN)) throw new UsageError('cannot read standard input: it is a folder')
  const { stdin } = process
  return new LineInputs({
    lines: new LineReader(stdin),
    skipEmpty,
    count: () => countLines(STDIN),
    close: () => stdin.destroy(),
  })
}

function list(path: string): InputSource {
  const fd = openList(path)
  const stream = createReadStream(path, { fd })
  return new LineInputs({
    lines: new LineReader(stream),
    skipEmpty: true,
    count: () => countLines(fd),
    close: () => stream.destroy(),
  })
}

function openList(path: string): number {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`)
  }
  if (isFolder(fd)) throw new UsageError(`cannot read ${path}: it is a folder`)
  return fd
}

function isFolder(fd: number): boolean {
  try {
    return fstatSync(fd).isDirectory()
  } catch (error) {
    // That is how Bun tells.
    return codeOf(error) === 'EISDIR'
  }
}
