/**
 * The terminal as experiments know it: results on standard output, in colours if that is a terminal, and on standard error,
 * if that is one, a line that says what goes on. The line is taken away before anything is written.
 */
import { styleText } from 'node:util'
import { Help } from 'commander'
import type { Colour, Stage } from '../lab/stage.ts'

/** Where there is no terminal, or one that does not know how wide it is. */
const COLUMNS = 80
/** Longer lines are hard to read, and narrower pictures hard to see. */
const MOST = 100
export const LEAST = 60

/** To the first column, and the line is empty. log-update does no more for one line, and takes longer to load than this takes. */
const CLEARED = '\r\u001B[2K'

export class LabTerminal implements Stage {
  readonly width: number
  /** Resolves when nobody reads any more. */
  readonly closed: Promise<void>
  readonly #hasColours: boolean
  /** It lays out texts for the help of this command. */
  readonly #help = new Help()
  #hasNote = false

  /** `width`: columns; undefined: as many as the terminal has. */
  constructor(width: number | undefined) {
    const { stdout, stderr } = process
    this.width = width ?? Math.min(MOST, Math.max(LEAST, (stdout.isTTY && stdout.columns) || COLUMNS))
    this.#help.helpWidth = this.width
    this.#hasColours = stdout.isTTY && stdout.hasColors()
    this.closed = new Promise(resolve => stdout.on('error', () => resolve()))
    stderr.on('error', () => {})
  }

  paint(colour: Colour, text: string): string {
    return this.#hasColours ? styleText(colour, text) : text
  }

  say(text: string): void {
    this.#write(`${this.#help.boxWrap(text, this.width)}\n\n`)
  }

  draw(lines: readonly string[]): void {
    this.#write(`${lines.join('\n')}\n\n`)
  }

  note(text: string): void {
    if (!process.stderr.isTTY) return
    process.stderr.write(`${CLEARED}${this.paint('gray', `… ${text}`.slice(0, this.width - 1))}`)
    this.#hasNote = true
  }

  /** A name, and beside it a text in lines that fit. */
  item(name: string, names: number, text: string): string {
    return this.#help.formatItem(this.paint('bold', name), names, text, this.#help)
  }

  /** A line across, with the name of an experiment in it. */
  head(name: string): void {
    const line = `── ${name} ${'─'.repeat(Math.max(0, this.width - name.length - 4))}`
    this.#write(`${this.paint('bold', line)}\n`)
  }

  /** Takes the note away. */
  end(): void {
    if (!this.#hasNote) return
    process.stderr.write(CLEARED)
    this.#hasNote = false
  }

  /** Resolves when all that was written has been handed on; also if nobody wanted it. */
  flushed(): Promise<void> {
    this.end()
    return new Promise(resolve => process.stdout.write('', () => resolve()))
  }

  #write(text: string): void {
    this.end()
    process.stdout.write(text)
  }
}
