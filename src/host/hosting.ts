/** What of this process can be used from others, and what of others can be used here. */
import { type PortableDescription, provideHosting, providePortables } from '../wire/portable.ts'
import { openDoor } from './door.ts'
import { isHostable } from './kinds.ts'
import { mappedThing, originOf } from './mapped-things.ts'
import { HOSTED, type HostedThing } from './protocol.ts'

/** They are handles that any process understands, or are made of such. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['executor', HOSTED, 'SharedStruct'])

/** Tells the wire. Called by those who start processes, and by those that were started. */
export function provideThings(): void {
  provideHosting(cross)
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
