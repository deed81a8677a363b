/** Turns a call into a record, and into values for the port where a record cannot hold them. */
import type { BytesOnly } from '../wire/packing.ts'
import { CannotSendError } from '../errors.ts'
import { WORDS_PER_CELL } from '../memory/ring.ts'
import { FastEncoder } from '../wire/fast-encoder.ts'
import { KeyTable } from '../wire/key-table.ts'
import { cannotPost, pack, type PackOptions, snapshot } from '../wire/pack.ts'
import { ATTEMPT_SHIFT, AWAY, BATCH, COUNT_SHIFT, FUNCTION, SERIAL, TELL_START, WITH_DETAILS } from '../wire/record.ts'
import { tellsStart } from './call-control.ts'
import type { WorkItem } from './work-item.ts'

export class CallEncoder {
  readonly keys: KeyTable = new KeyTable()
  readonly #encoder: FastEncoder = new FastEncoder(this.keys)
  readonly bytesOnly: BytesOnly

  /** `bytesOnly`: calls become bytes, so shared memory cannot go with them. */
  constructor(bytesOnly: BytesOnly) {
    this.bytesOnly = bytesOnly
  }

  /** The record of the newest call; overwritten by the next. */
  get words(): Int32Array {
    return this.#encoder.cells.words
  }

  get cells(): number {
    return this.#encoder.length
  }

  /** A copy of the newest record. */
  copy(): Int32Array {
    return this.words.slice(0, this.cells * WORDS_PER_CELL)
  }

  /** Keeps the newest call as it is now, which the item stands for. Throws CannotSendError. */
  keep(item: WorkItem): void {
    item.record = this.copy()
    if (item.away === undefined) return
    try {
      item.away = snapshot(item.away)
    } catch (error) {
      throw namedForCaller(cannotPost(error, 'call'), item)
    }
  }

  /** Encodes the item's call. `args`: its arguments, or the columns of a batch. Throws CannotSendError. */
  encode(item: WorkItem, args: readonly unknown[]): void {
    const { options, numbered } = item
    const details =
      options.name === undefined && options.deadline === undefined
        ? undefined
        : { name: options.name, deadline: options.deadline }
    const flags = item.kind | (tellsStart(item) ? TELL_START : 0)
    const fn = (numbered?.number ?? 0) | (item.attempt << ATTEMPT_SHIFT)
    const mustPack = numbered === undefined || options.transfer !== undefined
    if (!mustPack && this.#write(item, args, details)) {
      const counted = flags | (args.length << COUNT_SHIFT)
      this.#encoder.head(details === undefined ? counted : counted | WITH_DETAILS, item.slot, item.serial, fn)
      return
    }
    const { transfer } = options
    const values = [args, details, numbered === undefined ? item.fn : undefined]
    item.away = packCall(item, values, { transfer: transfer ?? [], bytesOnly: this.bytesOnly })
    this.#encoder.begin()
    this.#encoder.head(flags | AWAY, item.slot, item.serial, fn)
  }

  #write(item: WorkItem, args: readonly unknown[], details: object | undefined): boolean {
    const encoder = this.#encoder
    encoder.begin()
    encoder.nextValue()
    if (item.kind === BATCH) {
      for (const column of args) if (!encoder.column(column as unknown[])) return false
    } else {
      for (let i = 0; i < args.length; i++) if (!encoder.value(args[i])) return false
    }
    encoder.nextValue()
    return details === undefined || encoder.value(details)
  }
}

/** Makes a record that was kept ready for another run of its call. */
export function renew(words: Int32Array, item: WorkItem): void {
  words[SERIAL] = item.serial
  words[FUNCTION] = (item.numbered?.number ?? 0) | (item.attempt << ATTEMPT_SHIFT)
}

function packCall(item: WorkItem, values: unknown[], options: PackOptions): WorkItem['away'] {
  try {
    return pack(values, 'call', options)
  } catch (error) {
    throw error instanceof CannotSendError ? namedForCaller(error, item) : error
  }
}

/** The same error with the path as the caller sees it: `argument 2.socket`, `input 7` of a batch, `fn › socket`. */
export function namedForCaller(error: CannotSendError, item: WorkItem): CannotSendError {
  const path = error.path
    .replace(/^call\[0\]\[(\d+)\](?:\[(\d+)\])?/, (_, first: string, second: string | undefined) =>
      item.kind === BATCH
        ? `input ${Number(second ?? 0) + 1}`
        : `argument ${Number(first) + 1}${second === undefined ? '' : `[${second}]`}`,
    )
    .replace(/^call\[2\]/, item.name)
    .replace(/^call$/, `the arguments of ${item.name}`)
  return new CannotSendError(path, error.reason, error.hint, { cause: error.cause })
}
