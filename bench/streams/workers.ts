/** The workers that speak by postMessage. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type Work = 'produce' | 'consume' | 'ask' | 'answer'

/** One that does a work when it is told to, and says what came of it. */
export class StreamWorker {
  readonly #worker = new Worker(new URL('./post-message.mjs', import.meta.url))

  async do(work: Work, port: MessagePort, ...args: readonly unknown[]): Promise<unknown> {
    const done = once(this.#worker, 'message') as Promise<[unknown]>
    this.#worker.postMessage({ work, args: [port, ...args] }, [port as never])
    return (await done)[0]
  }
}
