/**
 * The layout of a struct: where in a record each field lies.
 *
 * Each field lies at a multiple of its size, as the processor wants it, and atomics demand it. Fields are laid out by
 * size, the largest first, and among equals in the order given: then no byte is lost between them, only at the end of a
 * record, which is a multiple of the largest. (C keeps the order and pads between; Rust does as we do.)
 */
import { describe } from '../options/describe.ts'
import { type CellType, type CellValue, checkValue, isCellType, sizes } from './cell-types.ts'

/** The fields of a struct: a type for each name. */
export type StructFields = Readonly<Record<string, CellType>>

/** An ordinary object with the values of a struct. */
export type StructValues<F extends StructFields> = { -readonly [N in keyof F]: CellValue<F[N]> }

export interface Field {
  readonly type: CellType
  /** The index of the field in record 0, and how far it is to the next record, in cells of its type. */
  readonly first: number
  readonly stride: number
}

export interface Layout {
  /** In the order given. */
  readonly fields: ReadonlyMap<string, Field>
  /** The bytes of a record. */
  readonly size: number
  /** The same for all structs with the same fields. */
  readonly key: string
  /** For people: `{ x: f64, n: i32 }`. */
  readonly text: string
}

/** Throws TypeError if there are no fields, or if one has no type. */
export function layoutOf(fields: StructFields): Layout {
  if (typeof fields !== 'object' || fields === null) {
    throw new TypeError(`the fields of a struct must be an object of names and types, not ${describe(fields)}`)
  }
  const entries = Object.entries(fields)
  if (entries.length === 0) throw new TypeError('a struct must have a field')
  for (const [name, type] of entries) checkFieldType(name, type)
  const largestFirst = entries.toSorted(([, a], [, b]) => sizes[b] - sizes[a])
  const used = entries.reduce((sum, [, type]) => sum + sizes[type], 0)
  const largest = sizes[largestFirst[0]![1]]
  const size = Math.ceil(used / largest) * largest
  const placed = new Map<string, Field>()
  let offset = 0
  for (const [name, type] of largestFirst) {
    placed.set(name, { type, first: offset / sizes[type], stride: size / sizes[type] })
    offset += sizes[type]
  }
  return {
    fields: new Map(entries.map(([name]) => [name, placed.get(name)!])),
    size,
    key: JSON.stringify(entries),
    text: `{ ${entries.map(([name, type]) => `${name}: ${type}`).join(', ')} }`,
  }
}

function checkFieldType(name: string, type: unknown): void {
  if (isCellType(type)) return
  if (typeof type === 'function' || (typeof type === 'object' && type !== null)) {
    throw new TypeError(`the field ${name} must be one of ${types}, not ${describe(type)}: structs do not nest`)
  }
  throw new TypeError(`the field ${name} must be one of ${types}, not ${describe(type)}`)
}

const types = Object.keys(sizes).join(', ')

/** Throws TypeError for a name that is no field of the struct. */
export function fieldOf({ fields, text }: Layout, name: string): Field {
  const field = fields.get(name)
  if (field === undefined) throw new TypeError(`${describe(name)} is not a field of the struct ${text}`)
  return field
}

/** Throws if the values are not those of fields of the struct. */
export function checkValues(layout: Layout, values: unknown): void {
  if (typeof values !== 'object' || values === null) {
    throw new TypeError(`the values of a struct must be an object, not ${describe(values)}`)
  }
  for (const [name, value] of Object.entries(values)) checkValue(fieldOf(layout, name).type, value, name)
}
