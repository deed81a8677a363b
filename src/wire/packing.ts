/** What the codecs of one message share. */
import type { Buffers } from './buffers.ts'
import type { Walk } from './walk.ts'

/** Whether, and for what, a message becomes bytes. */
export type BytesOnly = false | 'queue' | 'process'

export interface Packing {
  readonly walk: Walk
  readonly buffers: Buffers
  /** Containers in which there is nothing special: they are sent as they are, wherever they are met. */
  readonly plain: Set<object>
  /** Errors have to arrive, whatever hangs on them. */
  readonly lenient: boolean
  /** The message becomes bytes: nothing in it can be shared or moved. */
  readonly bytesOnly: BytesOnly
  /** Modules that were imported here, by URL: where classes of errors are looked for. */
  readonly hints: ReadonlyMap<string, object> | undefined
}
