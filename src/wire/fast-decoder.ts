/** Reads the values that the fast encoder wrote, straight from the cells of a ring. */
import { BYTES_PER_CELL, type Cells, WORDS_PER_CELL } from '../memory/ring.ts'
import { latin1Reader } from '../platform/text.ts'
import * as tag from './fast-tags.ts'

/** Up to this many characters, appending one by one beats a call of the runtime. */
const SHORT = 6

export class FastDecoder {
  readonly #cells: Cells
  /** Names by number, as the other side has them. */
  readonly #names: string[]
  /** All cells as a view of each type, made when one of the type is read. */
  readonly #views: tag.View[] = []
  readonly #latin1Text: (start: number, end: number) => string
  #at = 0

  /** `names`, if somebody else takes them in. */
  constructor(cells: Cells, names: string[] = []) {
    this.#cells = cells
    this.#names = names
    this.#latin1Text = latin1Reader(cells.bytes)
  }

  /** Goes to the cell behind the head of the record at `word`. */
  begin(word: number, headCells: number): void {
    this.#at = word / WORDS_PER_CELL + headCells
  }

  /** Takes in the name of a KEYS record. */
  learnName(): void {
    this.#names.push(this.value() as string)
  }

  rawDouble(): number {
    return this.#cells.doubles[this.#at++]!
  }

  value(): unknown {
    const words = this.#cells.words
    const at = this.#at * WORDS_PER_CELL
    const number = words[at + 1]!
    this.#at++
    switch (words[at]! & 0xff) {
      case tag.INT:
        return number
      case tag.DOUBLE:
        return this.#cells.doubles[this.#at++]
      case tag.TRUE:
        return true
      case tag.FALSE:
        return false
      case tag.UNDEFINED:
        return undefined
      case tag.NULL:
        return null
      case tag.LATIN1:
        return this.#latin1(number)
      case tag.UTF16:
        return this.#utf16(number)
      case tag.NUMBERS:
        return this.#numbers(number)
      case tag.ARRAY: {
        const array: unknown[] = []
        for (let i = 0; i < number; i++) array.push(this.value())
        return array
      }
      case tag.OBJECT:
        return this.#object(number)
      case tag.DATE:
        return new Date(this.#cells.doubles[this.#at++]!)
      case tag.VIEW:
        return this.#view(number)
      default:
        throw new Error(`unknown tag ${words[at]! & 0xff} in a record. This is a bug in multitask.`)
    }
  }

  #numbers(length: number): number[] {
    const { doubles } = this.#cells
    const start = this.#at
    this.#at += length
    const array: number[] = []
    for (let i = 0; i < length; i++) array.push(doubles[start + i]!)
    return array
  }

  #object(count: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    const words = this.#cells.words
    for (let i = 0; i < count; i++) {
      const name = this.#names[words[this.#at * WORDS_PER_CELL]! >>> tag.KEY_SHIFT]!
      object[name] = this.value()
    }
    return object
  }

  #latin1(length: number): string {
    const { bytes } = this.#cells
    const start = this.#at * BYTES_PER_CELL
    this.#at += (length + 7) >> 3
    if (length > SHORT) return this.#latin1Text(start, start + length)
    let text = ''
    for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[start + i]!)
    return text
  }

  #utf16(length: number): string {
    const units = new Uint16Array(this.#cells.bytes.buffer, this.#at * BYTES_PER_CELL, length)
    this.#at += (length + 3) >> 2
    // At most LONGEST_STRING units, which every runtime takes as arguments of one call.
    return String.fromCharCode.apply(null, units as unknown as number[])
  }

  #view(type: number): ArrayBufferView {
    const byteLength = this.#cells.words[this.#at * WORDS_PER_CELL]!
    const start = (this.#at + 1) * BYTES_PER_CELL
    this.#at += 1 + ((byteLength + 7) >> 3)
    const whole = (this.#views[type] ??= new tag.VIEW_TYPES[type]!(this.#cells.bytes.buffer))
    // Not by way of a buffer: that costs several times as much, and a short view has none until somebody asks for it.
    const size = whole.BYTES_PER_ELEMENT
    return whole.slice(start / size, (start + byteLength) / size)
  }
}
