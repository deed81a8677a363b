/**
 * What tasks ask of this thread: calls of its executors, and functions that are to run on its event loop; and what becomes
 * of them. The far end is worker/requests.ts.
 */
import { CancelledError, ShutDownError } from '../errors.ts'
import { portOf } from '../platform/threads.ts'
import { type AbandonMessage, PARENT_LOOP, type SubmitMessage } from '../wire/message.ts'
import type { BytesOnly } from '../wire/packing.ts'
import { pack, type PackedMessage } from '../wire/pack.ts'
import { unpack } from '../wire/unpack.ts'
import { placeOf } from './executor-registry.ts'
import type { RemoteCall } from './remote-executor.ts'
import type { WorkerLink } from './worker-link.ts'

interface Outcome {
  readonly failed: boolean
  readonly value: unknown
}

interface Stop {
  readonly controller: AbortController
  readonly executor: number
}

export class WorkerRequests {
  /** What is under way, by request: how to stop it. */
  readonly #stops = new Map<WorkerLink, Map<number, Stop>>()

  /** Runs the call and answers the worker, whatever happens. */
  async submit(link: WorkerLink, message: SubmitMessage): Promise<void> {
    const { request, executor, packed } = message
    const controller = new AbortController()
    const stops = this.#stops.get(link) ?? new Map<number, Stop>()
    this.#stops.set(link, stops.set(request, { controller, executor }))
    const outcome = await run(executor, packed, controller.signal)
    stops.delete(request)
    if (stops.size === 0) this.#stops.delete(link)
    answer(link, message, outcome)
  }

  /** The task does not want the call any more. */
  async abandon(link: WorkerLink, { request, reason }: AbandonMessage): Promise<void> {
    const stop = this.#stops.get(link)?.get(request)
    stop?.controller.abort(await unpack(reason))
  }

  /**
   * The worker has ended. What it asked of executors is finished all the same; what runs on this event loop is asked to
   * stop, as the task of a thread that nobody waits for any more.
   */
  ended(link: WorkerLink): void {
    for (const { controller, executor } of this.#stops.get(link)?.values() ?? []) {
      if (executor === PARENT_LOOP) controller.abort(new CancelledError(`thread ${link.name}, which waited, has ended`))
    }
  }
}

async function run(executor: number, packed: SubmitMessage['packed'], signal: AbortSignal): Promise<Outcome> {
  try {
    const { verb, fn, args, options } = (await unpack(packed)) as RemoteCall
    // The thread may have had enough of it before this event loop had a turn.
    signal.throwIfAborted()
    if (executor === PARENT_LOOP) return { failed: false, value: await fn(...args, signal as never) }
    const place = placeOf(executor)
    if (place === undefined) throw new ShutDownError('the executor was shut down')
    return { failed: false, value: await place[verb](fn, args, { ...options, signal }) }
  } catch (error) {
    return { failed: true, value: error }
  }
}

function answer({ connection }: WorkerLink, { request, answer: port }: SubmitMessage, outcome: Outcome): void {
  const { failed, packed, transfer } = packOutcome(outcome, connection.bytesOnly)
  const reply = { type: 'reply', request, failed, packed } as const
  if (port === undefined) {
    connection.post(reply, transfer)
    connection.wakeForMessage()
  } else {
    portOf(port).post(reply, transfer)
    connection.tellNews()
  }
}

/** A value that came from one worker and cannot go to another is the failure of the call. */
function packOutcome({ failed, value }: Outcome, bytesOnly: BytesOnly): PackedMessage & { readonly failed: boolean } {
  if (!failed) {
    try {
      return { failed, ...pack(value, 'result', { bytesOnly }) }
    } catch (error) {
      return { failed: true, ...pack(error, 'error', { lenient: true, bytesOnly }) }
    }
  }
  return { failed, ...pack(value, 'error', { lenient: true, bytesOnly }) }
}
