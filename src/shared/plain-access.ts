/**
 * Plain access to a cell as a property: what `counter.value += 1` and `point.x = 2` are.
 *
 * Nothing is atomic here, and nothing orders it: two threads that meet lose updates. That is what plain access means, and
 * what a lock is for.
 *
 * Why the same few lines for each type, where one with `view[at]` would do: that access would meet eleven kinds of
 * arrays, and engines are fast only at accesses that meet few. Like this each meets one, and is inlined where it is used:
 * 2 to 4 ns on V8, 1 on JSC, where the other took 20 to 80. The value is checked by the cheapest test that there is for the
 * type, which cannot be measured; `refuse` then finds the words. The check comes after the fields of the row were read:
 * a branch before them hides from V8 what it knows of the row, which costs 10 ns where there are many classes.
 */
import { hook } from '../memory/atomics.ts'
import type { Block } from './block.ts'
import { type CellType, refuse } from './cell-types.ts'

/** Something whose cells lie in a row of a block. Not #private, which is slower on Node 20 where there are many classes. */
export interface Row {
  /** @internal */
  readonly _block: Block
  /** @internal */
  readonly _index: number
}

interface Accessor {
  get(this: Row): unknown
  set(this: Row, value: never): void
}

/** The accessor for the cell `first` in row 0, where each row is `stride` cells of that type after the one before it. */
export function plainAccess(type: CellType, stride: number, first: number): Accessor {
  return accessors[type](stride, first)
}

const accessors: Readonly<Record<CellType, (stride: number, first: number) => Accessor>> = {
  i8: (stride, first) => ({
    get(): number {
      const cells = this._block.i8!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.i8!
      const at = this._index * stride + first
      if (typeof value !== 'number' || (value << 24) >> 24 !== value) refuse('i8', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  u8: (stride, first) => ({
    get(): number {
      const cells = this._block.u8!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.u8!
      const at = this._index * stride + first
      if (typeof value !== 'number' || (value & 0xff) !== value) refuse('u8', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  i16: (stride, first) => ({
    get(): number {
      const cells = this._block.i16!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.i16!
      const at = this._index * stride + first
      if (typeof value !== 'number' || (value << 16) >> 16 !== value) refuse('i16', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  u16: (stride, first) => ({
    get(): number {
      const cells = this._block.u16!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.u16!
      const at = this._index * stride + first
      if (typeof value !== 'number' || (value & 0xffff) !== value) refuse('u16', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  i32: (stride, first) => ({
    get(): number {
      const cells = this._block.i32!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.i32!
      const at = this._index * stride + first
      if (typeof value !== 'number' || (value | 0) !== value) refuse('i32', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  u32: (stride, first) => ({
    get(): number {
      const cells = this._block.u32!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.u32!
      const at = this._index * stride + first
      if (typeof value !== 'number' || value >>> 0 !== value) refuse('u32', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  i64: (stride, first) => ({
    get(): bigint {
      const cells = this._block.i64!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as bigint
      return cells[at]!
    },
    set(value: bigint) {
      const cells = this._block.i64!
      const at = this._index * stride + first
      if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) refuse('i64', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  u64: (stride, first) => ({
    get(): bigint {
      const cells = this._block.u64!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as bigint
      return cells[at]!
    },
    set(value: bigint) {
      const cells = this._block.u64!
      const at = this._index * stride + first
      if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value) refuse('u64', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  f32: (stride, first) => ({
    get(): number {
      const cells = this._block.f32!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.f32!
      const at = this._index * stride + first
      if (typeof value !== 'number') refuse('f32', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  f64: (stride, first) => ({
    get(): number {
      const cells = this._block.f64!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) as number
      return cells[at]!
    },
    set(value: number) {
      const cells = this._block.f64!
      const at = this._index * stride + first
      if (typeof value !== 'number') refuse('f64', value)
      if (hook !== undefined) hook.perform('write', cells, at, value)
      else cells[at] = value
    },
  }),
  bool: (stride, first) => ({
    get(): boolean {
      const cells = this._block.u8!
      const at = this._index * stride + first
      if (hook !== undefined) return hook.perform('read', cells, at) !== 0
      return cells[at] !== 0
    },
    set(value: boolean) {
      const cells = this._block.u8!
      const at = this._index * stride + first
      if (typeof value !== 'boolean') refuse('bool', value)
      if (hook !== undefined) hook.perform('write', cells, at, value ? 1 : 0)
      else cells[at] = value ? 1 : 0
    },
  }),
}
