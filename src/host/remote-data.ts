/** The memory of shared data that is in another process, as its cells are used from this one. */
import { UnsupportedError } from '../errors.ts'
import type { Elsewhere } from '../shared/block.ts'
import { type CellType, type CellValue, type CellView, checkValue } from '../shared/cell-types.ts'
import type { CellAccess } from '../shared/cells.ts'
import { label } from '../sync/inspect.ts'
import type { Lock } from '../sync/lock.ts'
import type { Remote } from './remote.ts'
import { RemoteLock } from './remote-lock.ts'

/** Where a Block finds its memory. */
export function elsewhere(remote: Remote): Elsewhere {
  return {
    cells: type => new RemoteCells(remote, type),
    lock: name => new RemoteLock(remote.lockOf(label('Lock', name)), name) as unknown as Lock,
  }
}

class RemoteCells<T extends CellType> implements CellAccess<T> {
  readonly type: T
  readonly #remote: Remote

  constructor(remote: Remote, type: T) {
    this.#remote = remote
    this.type = type
  }

  get view(): CellView<T> {
    throw new UnsupportedError(
      'the memory is in another process, so there is no view on it here: use slice(), load() and set(). ' +
        'On Linux, Node and Deno can share it if the package koffi is installed',
    )
  }

  read(index: number): CellValue<T> {
    return this.#ask('read', index)
  }
  write(index: number, value: CellValue<T>): void {
    // Here, as it would be refused here if it were the memory of this process.
    checkValue(this.type, value)
    this.#ask('write', index, value)
  }
  slice(start: number, end: number): CellValue<T>[] {
    return this.#remote.now('cells', [this.type, 'slice', start, end]) as CellValue<T>[]
  }
  fill(value: CellValue<T>, start: number, end: number): void {
    this.#remote.now('cells', [this.type, 'fill', value, start, end])
  }
  load(index: number): CellValue<T> {
    return this.#ask('load', index)
  }
  store(index: number, value: CellValue<T>): void {
    this.#ask('store', index, value)
  }
  exchange(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('exchange', index, value)
  }
  compareExchange(index: number, expected: CellValue<T>, value: CellValue<T>): CellValue<T> {
    return this.#ask('compareExchange', index, expected, value)
  }
  add(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('add', index, value)
  }
  sub(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('sub', index, value)
  }
  and(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('and', index, value)
  }
  or(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('or', index, value)
  }
  xor(index: number, value: CellValue<T>): CellValue<T> {
    return this.#ask('xor', index, value)
  }

  /** By exchanges, as `f` cannot cross. */
  update(index: number, f: (value: CellValue<T>) => CellValue<T>): CellValue<T> {
    for (let before = this.load(index); ;) {
      const value = f(before)
      const found = this.compareExchange(index, before, value)
      if (found === before || (Number.isNaN(found) && Number.isNaN(before))) return value
      before = found
    }
  }

  #ask(verb: string, ...args: readonly unknown[]): CellValue<T> {
    return this.#remote.now('cells', [this.type, verb, ...args]) as CellValue<T>
  }
}
