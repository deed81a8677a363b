/** transformSource: the text of a file with calls at its awaits and loops. */
import { MagicString, type SourceMap } from 'magic-string'
import { checkOptions, ofType, oneOf } from '../options/option-rules.ts'
import { Editor } from './edits.ts'
import { placesIn } from './original-lines.ts'
import { type Format, parse } from './parse.ts'

export interface TransformOptions {
  /** The path of the file: its ending says in which language it is, and its name stands in reports. */
  readonly file: string
  /** Marks each `await` in functions, for `multitask/checker`. Default: true. */
  readonly awaits?: boolean | undefined
  /** Marks each turn of a loop, for `multitask/gil`. Default: false. */
  readonly checkpoints?: boolean | undefined
  /** What kind of module it is. Default: what its ending says, else what can be read. */
  readonly format?: Format | undefined
}

export interface TransformedSource {
  readonly code: string
  /** From the code to what was given; undefined if they are the same. */
  readonly map: SourceMap | undefined
}

const boolean = ofType('boolean', 'true or false')
const rules = {
  file: ofType('string', 'a path'),
  awaits: boolean,
  checkpoints: boolean,
  format: oneOf('module', 'commonjs'),
}

/**
 * Writes calls into the text of a JavaScript or TypeScript file, by which `check` and a Gil get to know of its awaits and
 * loops. Without them it does what it did, types stay, and every line is where it was. For build steps; programs and tests
 * are transformed as they are loaded by `multitask/checker/register` and `multitask/gil/register`.
 * Throws SyntaxError, with file, line and column, if the text cannot be read.
 */
export function transformSource(source: string, options: TransformOptions): TransformedSource {
  const { file, awaits = true, checkpoints = false, format } = checkOptions(options, rules, 'transformSource')
  // What cannot have anything to mark need not be parsed.
  const mayAwait = awaits && /\bawait\b/.test(source)
  const mayLoop = checkpoints && /\b(?:for|while)\b/.test(source)
  if (!mayAwait && !mayLoop) return { code: source, map: undefined }
  const text = new MagicString(source)
  new Editor(text, { awaits, checkpoints }, placesIn(source, file)).edit(parse(source, file, format))
  if (!text.hasChanged()) return { code: source, map: undefined }
  return { code: text.toString(), map: text.generateMap({ source: file, includeContent: true, hires: 'boundary' }) }
}
