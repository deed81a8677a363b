/**
 * Moving instead of copying: what is marked leaves this thread with the message that it is sent in.
 *
 * The mark is kept beside the object, not around it, so that marked values can be passed on, returned and nested like
 * any others. A mark says how, not when: the object stays usable here until a message really takes it along.
 */
import { UnsupportedError } from '../errors.ts'
import {
  canMoveStreams,
  isArrayBuffer,
  isMovable,
  isPooled,
  isSharedMemory,
  isUntransferable,
  tagOf,
} from '../platform/kinds.ts'
import { runtimeName } from '../platform/runtime.ts'
import { nameOf } from './refusals.ts'

const marked = new WeakSet<object>()
/** Until something was marked nobody has to look. */
let marks = false

/**
 * Marks `value` to be moved to the other thread instead of copied: an ArrayBuffer, the buffer of a typed array or
 * DataView, a MessagePort, or a stream. With a `list`, marks what the list holds, for use with a value that contains it.
 * Works for arguments and for results. After it was sent, the object is of no use in this thread.
 *
 * Shared memory is left alone, as it is never copied; Node's pooled Buffers are still copied, as their memory is not
 * theirs alone. Returns `value` itself. Throws TypeError for what cannot be moved, UnsupportedError for a stream on Bun.
 */
export function transfer<T>(value: T, list?: readonly unknown[]): T {
  for (const item of list ?? [value]) {
    const object = movable(item)
    if (object === undefined) continue
    marked.add(object)
    marks = true
  }
  return value
}

/** Whether this object, or the buffer of this view, is to be moved. */
export function isMarkedForTransfer(value: object): boolean {
  return marks && marked.has(ArrayBuffer.isView(value) ? value.buffer : value)
}

/** The objects of a list that a message has to move if it meets them. Throws as `transfer` does. */
export function movables(list: readonly unknown[]): Set<object> {
  return new Set(list.map(movable).filter(object => object !== undefined))
}

/** What is really moved for an item; undefined for what is copied or shared after all. */
function movable(item: unknown): object | undefined {
  if (typeof item !== 'object' || item === null)
    throw new TypeError(`cannot transfer ${describe(item)}: it is not an object`)
  if (ArrayBuffer.isView(item)) return isPooled(item) ? undefined : movable(item.buffer)
  if (isSharedMemory(item)) return undefined
  if (isArrayBuffer(item)) return isUntransferable(item as ArrayBuffer) ? undefined : item
  if (!isMovable(item)) {
    throw new TypeError(
      `cannot transfer ${describe(item)}: it is neither an ArrayBuffer, a view, a MessagePort nor a stream`,
    )
  }
  if (!canMoveStreams && tagOf(item).endsWith('Stream')) {
    throw new UnsupportedError(`${runtimeName} cannot move a ${tagOf(item)} to another thread`)
  }
  return item
}

function describe(item: unknown): string {
  if (typeof item === 'object' && item !== null) return nameOf(item)
  return typeof item === 'string' ? JSON.stringify(item) : String(item)
}
