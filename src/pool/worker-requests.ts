/** Calls that tasks make of executors of this thread, and what becomes of them. The far end is worker/requests.ts. */
import { ShutDownError } from '../errors.ts'
import type { AbandonMessage, SubmitMessage } from '../wire/message.ts'
import { pack, type PackedMessage } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import { placeOf } from './executor-registry.ts'
import type { RemoteCall } from './remote-executor.ts'
import type { WorkerLink } from './worker-link.ts'

interface Outcome {
  readonly failed: boolean
  readonly value: unknown
}

export class WorkerRequests {
  /** What is under way, by request: how to stop it. A worker that ends leaves its own behind, to be finished. */
  readonly #stops = new Map<WorkerLink, Map<number, AbortController>>()

  /** Runs the call and answers the worker, whatever happens. */
  async submit(link: WorkerLink, { request, executor, packed }: SubmitMessage): Promise<void> {
    const stop = new AbortController()
    const stops = this.#stops.get(link) ?? new Map<number, AbortController>()
    this.#stops.set(link, stops.set(request, stop))
    const outcome = await run(executor, packed, stop.signal)
    stops.delete(request)
    if (stops.size === 0) this.#stops.delete(link)
    const { failed, packed: answer, transfer } = packOutcome(outcome)
    link.connection.post({ type: 'reply', request, failed, packed: answer }, transfer)
    link.connection.wakeForMessage()
  }

  /** The task does not want the call any more. */
  async abandon(link: WorkerLink, { request, reason }: AbandonMessage): Promise<void> {
    const stop = this.#stops.get(link)?.get(request)
    stop?.abort(await unpack(reason))
  }
}

async function run(executor: number, packed: SubmitMessage['packed'], signal: AbortSignal): Promise<Outcome> {
  try {
    const { verb, fn, args, options } = (await unpack(packed)) as RemoteCall
    const place = placeOf(executor)
    if (place === undefined) throw new ShutDownError('the executor was shut down')
    return { failed: false, value: await place[verb](fn, args, { ...options, signal }) }
  } catch (error) {
    return { failed: true, value: error }
  }
}

/** A value that came from one worker and cannot go to another is the failure of the call. */
function packOutcome({ failed, value }: Outcome): PackedMessage & { readonly failed: boolean } {
  if (!failed) {
    try {
      return { failed, ...pack(value, 'result') }
    } catch (error) {
      return { failed: true, ...pack(error, 'error', { lenient: true }) }
    }
  }
  return { failed, ...pack(value, 'error', { lenient: true }) }
}
