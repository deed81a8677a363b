/** The kinds of things that other processes can use, and what their stand-ins there need to know of them. */

import { OBJECT } from './protocol.ts'

type Extra = (extra: Record<string, unknown>, thing: Record<string, unknown>) => unknown

const all: Extra = extra => extra

function only(...names: readonly string[]): Extra {
  return (_, thing) => Object.fromEntries(names.map(name => [name, thing[name]]))
}

const name = only('name')

const extras: Readonly<Record<string, Extra>> = {
  Lock: name,
  RLock: name,
  Semaphore: name,
  BoundedSemaphore: name,
  Event: name,
  Condition: only('name', 'lock'),
  Barrier: only('name', 'parties'),
  SharedQueue: name,
  Connection: only('name', 'readable', 'writable'),
  SharedValue: all,
  SharedArray: all,
  SharedStructArray: all,
  [OBJECT]: all,
}

/** Whether a thing of that type can be used from other processes. */
export function isHostable(type: string): boolean {
  return Object.hasOwn(extras, type)
}

/** `data`: what crosses to a thread. */
export function extraFor(type: string, data: unknown, thing: object): unknown {
  return extras[type]!((data as { extra?: Record<string, unknown> }).extra ?? {}, thing as Record<string, unknown>)
}
