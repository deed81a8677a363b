/** How a worker answers: outcomes of calls as records, with their values in the record or, if they do not fit, by the port. */
import type { BytesOnly } from '../wire/packing.ts'
import { CannotSendError } from '../errors.ts'
import type { WorkerEnd } from '../wire/ends.ts'
import type { FastEncoder } from '../wire/fast-encoder.ts'
import { cannotPost, pack, type PackedMessage } from '../wire/pack.ts'
import * as record from '../wire/record.ts'
import { loadedModules } from '../wire/revive.ts'

/** What names a call to the parent. */
export interface CallName {
  readonly slot: number
  readonly serial: number
}

export interface BatchOutcome {
  readonly values: unknown[]
  readonly failures: { index: number; error: unknown }[]
  readonly elapsed: number
}

export class Results {
  readonly #connection: WorkerEnd
  readonly #encoder: FastEncoder

  constructor(connection: WorkerEnd, encoder: FastEncoder) {
    this.#connection = connection
    this.#encoder = encoder
  }

  value(call: CallName, value: unknown): void {
    const encoder = this.#encoder
    encoder.begin()
    encoder.nextValue()
    if (encoder.value(value)) this.#write(record.RESULT, call)
    else this.#away(record.RESULT, call, value, 'result')
  }

  failure(call: CallName, error: unknown): void {
    this.#away(record.FAILURE, call, error, 'error')
  }

  /** `loading`: the call has begun, but its module has to be imported first. */
  started(call: CallName, loading: boolean): void {
    this.#encoder.begin()
    this.#write(loading ? record.STARTED | (1 << record.COUNT_SHIFT) : record.STARTED, call)
  }

  batch(call: CallName, outcome: BatchOutcome): void {
    const encoder = this.#encoder
    encoder.begin()
    encoder.rawDouble(outcome.elapsed)
    if (outcome.failures.length === 0 && encoder.column(outcome.values)) {
      this.#write(record.BATCH, call)
      return
    }
    try {
      this.#awayOrThrow(record.BATCH, call, outcome, 'result')
    } catch {
      // One of the values cannot be sent; only the call that returned it may fail.
      this.#away(record.BATCH, call, withoutUnsendable(outcome, this.#connection.bytesOnly), 'result')
    }
  }

  /** A few items of a stream, in order. */
  items(call: CallName, items: readonly unknown[]): void {
    const encoder = this.#encoder
    encoder.begin()
    if (encoder.column(items)) this.#write(record.ITEMS, call)
    else this.#awayOrThrow(record.ITEMS, call, items, 'item')
  }

  progress(call: CallName, value: unknown): void {
    const encoder = this.#encoder
    encoder.begin()
    encoder.nextValue()
    if (encoder.value(value)) this.#write(record.PROGRESS, call)
    else this.#awayOrThrow(record.PROGRESS, call, value, 'progress')
  }

  #write(kind: number, call: CallName): void {
    const encoder = this.#encoder
    encoder.head(kind, call.slot, call.serial, 0)
    this.#connection.writeResult(encoder.cells.words, encoder.length)
  }

  /** Sends values by the port; what cannot be sent becomes the failure of the call. */
  #away(kind: number, call: CallName, value: unknown, path: string): void {
    try {
      this.#awayOrThrow(kind, call, value, path)
    } catch (error) {
      this.#awayOrThrow(record.FAILURE, call, error, 'error')
    }
  }

  #awayOrThrow(kind: number, call: CallName, value: unknown, path: string): void {
    const lenient = kind === record.FAILURE
    const { bytesOnly } = this.#connection
    const message = pack(value, path, { lenient, bytesOnly, classHints: loadedModules })
    this.#post(call.serial, message, path)
    this.#encoder.begin()
    this.#write(kind | record.AWAY, call)
  }

  #post(serial: number, { packed, transfer, large }: PackedMessage, path: string): void {
    try {
      this.#connection.post({ type: 'values', serial, packed }, transfer, large)
    } catch (error) {
      throw error instanceof CannotSendError ? error : cannotPost(error, path)
    }
  }
}

/** The outcome with each value that cannot be packed turned into the failure of its call. */
function withoutUnsendable(outcome: BatchOutcome, bytesOnly: BytesOnly): BatchOutcome {
  const failures = [...outcome.failures]
  const values = outcome.values.map((value, index) => {
    try {
      const { packed, transfer } = pack(value, 'result', { bytesOnly })
      structuredClone(packed, { transfer: transfer as never })
      return value
    } catch (error) {
      failures.push({ index, error: error instanceof CannotSendError ? error : cannotPost(error, 'result') })
      return undefined
    }
  })
  return { ...outcome, values, failures }
}
