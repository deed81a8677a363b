/** Objects, arrays, Maps and Sets that hold something special somewhere, and instances of the classes made from them. */
import type { Packing } from './packing.ts'
import { CONSTRUCTOR, MAP_VALUE, MEMBER, WORDS } from './path.ts'
import { DEEPEST, MARGIN, PLAIN, scan } from './plain.ts'
import type { Verdict } from './prototypes.ts'
import type { Holder, InstanceSpecial, MapSpecial, SetSpecial } from './special.ts'
import { holderOf, put, type Visit } from './walk.ts'

/** How near to the beginning it pays to ask whether all of a container is plain: arguments, captured variables. */
const SHALLOW = 2

/** An object or array. Of a class: its own properties. */
export function packContainer(packing: Packing, visit: Visit, verdict: Verdict): void {
  const { walk } = packing
  const value = visit.value as object
  if (verdict.kind !== 'instance' && isPlain(packing, visit, value)) return put(visit.holder, visit.key, value)
  const copy = (Array.isArray(value) ? [] : {}) as Holder
  if (verdict.kind === 'instance') openInstance(packing, visit, verdict.class, { kind: 'instance', value: copy })
  else walk.copy(visit, copy)
  walk.properties(visit, copy, value)
  // What follows the last item of a sparse array has no key.
  if (Array.isArray(value)) copy['length'] = value.length
}

type Instance = InstanceSpecial | MapSpecial | SetSpecial

/** What the record holds becomes an instance of the class. */
export function openInstance({ walk }: Packing, visit: Visit, class_: Function, record: Instance): void {
  walk.open(visit, record)
  walk.child(visit, holderOf(record), 'class', class_, WORDS, CONSTRUCTOR)
}

export function packMap(packing: Packing, visit: Visit, verdict: Verdict): void {
  const { walk } = packing
  const map = visit.value as Map<unknown, unknown>
  if (verdict.kind !== 'instance' && isPlain(packing, visit, map)) return put(visit.holder, visit.key, map)
  const entries = [] as unknown as Holder
  openCollection(packing, visit, verdict, { kind: 'map', entries })
  let at = 0
  Map.prototype.forEach.call(map, (value, key) => {
    walk.child(visit, entries, at, key, MEMBER, at / 2)
    walk.child(visit, entries, at + 1, value, MAP_VALUE, key)
    at += 2
  })
}

export function packSet(packing: Packing, visit: Visit, verdict: Verdict): void {
  const { walk } = packing
  const set = visit.value as Set<unknown>
  if (verdict.kind !== 'instance' && isPlain(packing, visit, set)) return put(visit.holder, visit.key, set)
  const entries = [] as unknown as Holder
  openCollection(packing, visit, verdict, { kind: 'set', entries })
  let at = 0
  Set.prototype.forEach.call(set, member => {
    walk.child(visit, entries, at, member, MEMBER, at)
    at++
  })
}

function openCollection(packing: Packing, visit: Visit, verdict: Verdict, collection: MapSpecial | SetSpecial): void {
  if (verdict.kind !== 'instance') return packing.walk.open(visit, collection)
  const own: Holder = {}
  openInstance(packing, visit, verdict.class, { ...collection, own })
  packing.walk.properties(visit, own, visit.value as object)
}

/**
 * Whether the container can be sent as it is, to be asked before it is copied. The answer must be the same wherever an
 * object is met, or it would arrive twice: one that holds only primitives always can, and what is found in a larger one
 * is remembered.
 */
function isPlain({ walk, plain }: Packing, visit: Visit, value: object): boolean {
  const met = new Set<object>()
  try {
    // What is on the deepest level can hold nothing but primitives.
    if (scan(value, met, visit.level > SHALLOW ? DEEPEST : MARGIN) !== PLAIN) return false
  } catch {
    return false
  }
  for (const each of met) if (walk.knows(each)) return false
  for (const each of met) plain.add(each)
  return true
}
