/**
 * The ArrayBuffers of one message: which are moved, and which are sent only in part.
 *
 * Structured clone takes the whole buffer of a view along, so that ten bytes cut from a file of a gigabyte weigh a
 * gigabyte. A view that covers a part of its buffer is therefore sent as a copy of that part, unless the message holds
 * the buffer in another way too: then the two share memory here, and have to share it there.
 */
import { isDetached, isPooled, isSharedMemory, largestCopy, largestView, tagOf } from '../platform/kinds.ts'
import { runtimeName } from '../platform/runtime.ts'
import { noteSent } from './plain.ts'
import type { Holder } from './special.ts'
import { isMarkedForTransfer } from './transfer.ts'
import { put, refuse, type Visit } from './walk.ts'

/** A view of a part, and the holders and keys where it belongs, in turns. */
interface Part {
  readonly view: ArrayBufferView
  readonly places: unknown[]
}

type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView

export class Buffers {
  /** What the message moves. */
  readonly moved: Set<object> = new Set()
  readonly #listed: ReadonlySet<object>
  /** Buffers that are sent whole in any case. */
  readonly #whole = new Set<object>()
  readonly #parts = new Map<ArrayBufferView, Part>()
  readonly #viewCounts = new Map<ArrayBufferLike, number>()

  /** `listed`: what this message moves although it is not marked. */
  constructor(listed: ReadonlySet<object>) {
    this.#listed = listed
  }

  /** Whether an object is to be moved; if so, the message will. */
  move(object: object): boolean {
    if (!isMarkedForTransfer(object) && !this.#listed.has(object)) return false
    this.moved.add(object)
    return true
  }

  buffer(visit: Visit, buffer: ArrayBuffer): void {
    this.#check(visit, buffer, buffer.byteLength)
    this.#whole.add(buffer)
    noteSent(buffer)
    put(visit.holder, visit.key, buffer)
  }

  view(visit: Visit, view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view
    if (byteLength > largestView || byteOffset > largestView) {
      refuse(visit, 'it is a view that reaches beyond 4 GiB', 'send its buffer, and make the view there')
    }
    if (isSharedMemory(buffer)) return put(visit.holder, visit.key, view)
    this.#check(visit, buffer as ArrayBuffer, byteLength)
    if (byteLength === buffer.byteLength) this.#whole.add(buffer)
    let part = this.#parts.get(view)
    if (part === undefined) {
      part = { view, places: [] }
      this.#parts.set(view, part)
      this.#viewCounts.set(buffer, (this.#viewCounts.get(buffer) ?? 0) + 1)
    }
    part.places.push(visit.holder, visit.key)
  }

  /** Fills the places of all views, when everything that is sent is known. `others`: buffers that are sent besides. */
  settle(others: ReadonlySet<object>): void {
    for (const object of this.#listed) if (others.has(object)) this.moved.add(object)
    for (const { view, places } of this.#parts.values()) {
      const sent = this.#isSentWhole(view, others) ? view : cutOut(view)
      noteSent(sent.buffer as ArrayBuffer)
      for (let i = 0; i < places.length; i += 2) put(places[i] as Holder, places[i + 1] as PropertyKey, sent)
    }
  }

  #isSentWhole(view: ArrayBufferView, others: ReadonlySet<object>): boolean {
    const buffer = view.buffer as ArrayBuffer
    if (this.#whole.has(buffer) || this.moved.has(buffer) || others.has(buffer)) return true
    // A view on a buffer that can grow may grow with it.
    if (buffer.resizable) return true
    return this.#viewCounts.get(buffer)! > 1 && !isPooled(view)
  }

  #check(visit: Visit, buffer: ArrayBuffer, byteLength: number): void {
    if (isDetached(buffer)) refuse(visit, 'it is a detached ArrayBuffer: it was moved to another thread before')
    if (!this.move(buffer) && byteLength > largestCopy) {
      refuse(visit, `it is larger (${byteLength} bytes) than ${runtimeName} can copy`, 'move it with transfer()')
    }
  }
}

/** A view of the same type on a copy of the part. A Buffer becomes the Uint8Array that structured clone makes of it. */
function cutOut(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view
  const type = (globalThis as unknown as Record<string, ViewConstructor>)[tagOf(view)]!
  return new type((buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength))
}
