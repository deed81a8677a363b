/**
 * Stand-ins: objects that do in this process what a thing of another one does there.
 *
 * They are instances of the class of the thing for whoever asks, but none of its code runs on them: it works on memory
 * that is not here. So the class is only the prototype of theirs.
 */
import { elsewhere } from '../sync/handles.ts'
import { label } from '../sync/inspect.ts'
import type { Remote } from './remote.ts'

/** What everybody may use of a class. */
export type Public<T> = Pick<T, keyof T>

/** The method that Node, Bun and Deno ask for the look of an object. */
const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Makes the instances of a stand-in's class instances of the class of the thing. In its static block. */
export function passesFor(standIn: { readonly prototype: object }, original: { readonly prototype: object }): void {
  Object.setPrototypeOf(standIn.prototype, original.prototype)
}

/** Gives it the look of the thing. `kind`: its class. */
export function noteStandIn(standIn: object, remote: Remote, kind: string): void {
  Object.defineProperty(standIn, elsewhere, { value: true })
  // An object of a user's class has a look of its own.
  if (Object.hasOwn(standIn, inspect)) return
  Object.defineProperty(standIn, inspect, {
    value(): string {
      try {
        return remote.now('look') as string
      } catch (error) {
        return `${label(kind, (standIn as { readonly name: string }).name)} { ${(error as Error).message} }`
      }
    },
  })
}
