/**
 * Writes small values into a record, with the meaning of structured clone or not at all.
 *
 * It takes what calls are mostly made of: numbers, short strings, plain objects and arrays of these, dates and short
 * typed arrays. Everything else, and everything that structured clone would treat in a special way (shared
 * references, cycles, holes, class instances, accessor-made surprises), makes it answer `false`; the caller then sends
 * the value by the port. So a value means the same whichever way it goes.
 */
import { isProxy } from '../platform/kinds.ts'
import { asciiWriter } from '../platform/text.ts'
import { BYTES_PER_CELL, type Cells, cellsOf, WORDS_PER_CELL } from '../memory/ring.ts'
import * as tag from './fast-tags.ts'
import type { KeyNumbers } from './key-table.ts'
import { HEAD_CELLS } from './record.ts'
import { isMarkedForTransfer } from './transfer.ts'

/** The largest record that is written whole, in cells. */
export const LARGEST_RECORD: number = 1 << 14

/** From this many characters on, a call of the runtime beats a loop. */
const LONG_TEXT = 16

const viewTags = new Map<object, number>(tag.VIEW_TYPES.map((type, index) => [type.prototype as object, index]))

export class FastEncoder {
  readonly #keys: KeyNumbers
  readonly cells: Cells
  /** The next free cell. */
  #at = HEAD_CELLS
  /** Objects met in this value, to notice one that comes twice. A list: for so few it beats a Set. */
  readonly #met: object[] = []
  #metCount = 0

  /** All cells as a view of each type, made when one of the type is written. */
  readonly #views: tag.View[] = []
  readonly #writeAscii: (text: string, start: number) => boolean

  /** `cells`: where it writes, if not into memory of its own. There have to be LARGEST_RECORD of them. */
  constructor(keys: KeyNumbers, cells: Cells = cellsOf(new ArrayBuffer(LARGEST_RECORD * BYTES_PER_CELL))) {
    this.#keys = keys
    this.cells = cells
    this.#writeAscii = asciiWriter(cells.bytes)
  }

  /** Begins a record, leaving room for the head. */
  begin(): void {
    this.#at = HEAD_CELLS
  }

  /** Cells written so far, the head among them. */
  get length(): number {
    return this.#at
  }

  /** Sets the head of the record; the ring itself fills in word 0. */
  head(kind: number, slot: number, serial: number, fn: number): void {
    const words = this.cells.words
    words[1] = 0
    words[2] = kind
    words[3] = slot
    words[4] = serial
    words[5] = fn
  }

  /** Forgets the objects of the value before: what two calls share is not shared on the other side. */
  nextValue(): void {
    this.#metCount = 0
  }

  /** Appends a value. After `false` the record must be begun again. */
  value(value: unknown): boolean {
    return this.#write(value, 0)
  }

  /**
   * Appends a list of separate values, such as the inputs of a batch: what two of them share is not shared on the other
   * side. The list itself is this library's own and is not looked at for holes and names.
   */
  column(values: readonly unknown[]): boolean {
    const length = values.length
    if (this.#at + 1 + length > LARGEST_RECORD) return false
    const start = this.#at + 1
    const doubles = this.cells.doubles
    let count = 0
    for (; count < length; count++) {
      const value = values[count]
      if (typeof value !== 'number') break
      doubles[start + count] = value
    }
    if (count === length) {
      this.#cell(tag.NUMBERS, length)
      this.#at += length
      return true
    }
    this.#cell(tag.ARRAY, length)
    for (let i = 0; i < length; i++) {
      this.#metCount = 0
      if (!this.#write(values[i], 0)) return false
    }
    return true
  }

  /** Appends one double as it is, without a tag. */
  rawDouble(value: number): void {
    this.cells.doubles[this.#at++] = value
  }

  #write(value: unknown, key: number): boolean {
    if (this.#at + 2 > LARGEST_RECORD) return false
    switch (typeof value) {
      case 'number':
        if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
          this.#cell(tag.INT | key, value)
        } else {
          this.#cell(tag.DOUBLE | key, 0)
          this.cells.doubles[this.#at++] = value
        }
        return true
      case 'string':
        return this.#string(value, key)
      case 'boolean':
        this.#cell((value ? tag.TRUE : tag.FALSE) | key, 0)
        return true
      case 'undefined':
        this.#cell(tag.UNDEFINED | key, 0)
        return true
      case 'object':
        if (value !== null) return this.#object(value, key)
        this.#cell(tag.NULL | key, 0)
        return true
      default:
        return false
    }
  }

  #cell(tagAndKey: number, word: number): void {
    const at = this.#at * WORDS_PER_CELL
    this.cells.words[at] = tagAndKey
    this.cells.words[at + 1] = word
    this.#at++
  }

  #string(text: string, key: number): boolean {
    const length = text.length
    if (length > tag.LONGEST_STRING || this.#at + 1 + (length >> 2) + 1 > LARGEST_RECORD) return false
    const start = (this.#at + 1) * BYTES_PER_CELL
    if (length < LONG_TEXT || !this.#writeAscii(text, start)) {
      const bytes = this.cells.bytes
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i)
        if (code > 255) return this.#wideString(text, key)
        bytes[start + i] = code
      }
    }
    this.#cell(tag.LATIN1 | key, length)
    this.#at += (length + 7) >> 3
    return true
  }

  #wideString(text: string, key: number): boolean {
    const length = text.length
    this.#cell(tag.UTF16 | key, length)
    const units = new Uint16Array(this.cells.bytes.buffer, this.#at * BYTES_PER_CELL, length)
    for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i)
    this.#at += (length + 3) >> 2
    return true
  }

  #object(value: object, key: number): boolean {
    if (this.#meet(value)) return false
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype) return this.#plainObject(value as Record<string, unknown>, key)
    if (prototype === Array.prototype) return this.#array(value as unknown[], key)
    if (prototype === Date.prototype) return this.#date(value as Date, key)
    return this.#view(value as Uint8Array, prototype as object, key)
  }

  /** Remembers an object of this value. True if it was met before, or if there are too many to tell. */
  #meet(value: object): boolean {
    for (let i = 0; i < this.#metCount; i++) if (this.#met[i] === value) return true
    if (this.#metCount === tag.MOST_OBJECTS) return true
    this.#met[this.#metCount++] = value
    return false
  }

  #plainObject(value: Record<string, unknown>, key: number): boolean {
    if (isProxy(value)) return false
    const names = Object.keys(value)
    this.#cell(tag.OBJECT | key, names.length)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      // Assigning it on the other side would set the prototype.
      if (name === '__proto__') return false
      const number = this.#keys.numberOf(name)
      if (number < 0 || !this.#write(value[name], number << tag.KEY_SHIFT)) return false
    }
    return true
  }

  #array(value: unknown[], key: number): boolean {
    const length = value.length
    if (this.#at + 1 + length > LARGEST_RECORD) return false
    // Structured clone keeps the named properties of a match and of a template. (Names that users add to arrays are not
    // looked for: counting the keys takes longer than all else here.)
    if (isProxy(value) || 'index' in value || 'raw' in value) return false
    const doubles = this.cells.doubles
    const start = this.#at + 1
    let count = 0
    for (; count < length; count++) {
      const item = value[count]
      if (typeof item !== 'number') break
      doubles[start + count] = item
    }
    if (count === length) {
      this.#cell(tag.NUMBERS | key, length)
      this.#at += length
      return true
    }
    this.#cell(tag.ARRAY | key, length)
    for (let i = 0; i < length; i++) {
      const item = value[i]
      // A hole is no undefined.
      if ((item === undefined && !(i in value)) || !this.#write(item, 0)) return false
    }
    return true
  }

  #date(value: Date, key: number): boolean {
    // An object made by Object.create(Date.prototype) is no date.
    if (Object.prototype.toString.call(value) !== '[object Date]' || isProxy(value)) return false
    this.#cell(tag.DATE | key, 0)
    this.cells.doubles[this.#at++] = Date.prototype.getTime.call(value)
    return true
  }

  #view(value: Uint8Array, prototype: object, key: number): boolean {
    const type = viewTags.get(prototype)
    if (type === undefined || !ArrayBuffer.isView(value)) return false
    const { buffer, byteLength } = value
    // Shared memory stays shared, what is marked moves, and two views of one buffer stay two views of one buffer.
    if (!(buffer instanceof ArrayBuffer) || byteLength > tag.LONGEST_VIEW || isMarkedForTransfer(value)) return false
    if (this.#at + 2 + (byteLength >> 3) + 1 > LARGEST_RECORD || this.#meet(buffer)) return false
    this.#cell(tag.VIEW | key, type)
    this.#cell(byteLength, 0)
    // Not by way of bytes: another view of the value costs three times as much as the copy.
    const whole = (this.#views[type] ??= new tag.VIEW_TYPES[type]!(this.cells.bytes.buffer))
    whole.set(value, (this.#at * BYTES_PER_CELL) / whole.BYTES_PER_ELEMENT)
    this.#at += (byteLength + 7) >> 3
    return true
  }
}
