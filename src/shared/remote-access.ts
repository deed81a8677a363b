/** A cell as a property, where the memory is in another process: each access is a question to it. See plain-access.ts. */
import type { CellType } from './cell-types.ts'
import type { Row } from './plain-access.ts'

/** The accessor for the cell `first` in row 0, where each row is `stride` cells of that type after the one before it. */
export function remoteAccess(type: CellType, stride: number, first: number): PropertyDescriptor {
  return {
    get(this: Row): unknown {
      return this._block.cells(type).read(this._index * stride + first)
    },
    set(this: Row, value: never) {
      this._block.cells(type).write(this._index * stride + first, value)
    },
  }
}
