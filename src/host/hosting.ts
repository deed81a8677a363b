/** What of this process can be used from others, and what of others can be used here. */
import { HOSTED, type PortableDescription, provideHosting, providePortables } from '../wire/portable.ts'
import { openDoor } from './door.ts'
import { isHostable } from './kinds.ts'
import { mappedThing, originOf } from './mapped-things.ts'
import type { HostedThing } from './protocol.ts'

/** They are handles that any process understands, or are made of such. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['executor', HOSTED, 'SharedStruct'])

// With this module, as a process that another has started loads it when it first has anything that could cross.
provideHosting(cross)

/** Tells the wire how things of other processes are received. Called by those who start processes. */
export function provideThings(): void {
  providePortables({ [HOSTED]: () => import('#stand-ins') })
}

function cross(thing: object, description: PortableDescription): PortableDescription | undefined {
  const { type } = description
  if (UNDERSTOOD.has(type)) return description
  if (!isHostable(type)) return undefined
  const known = originOf(thing)
  if (known !== undefined) return { type: HOSTED, data: known }
  const mapped = mappedThing(description)
  return { type: HOSTED, data: { ...openDoor(thing, description), mapped } satisfies HostedThing }
}
