/** What one would write by hand: workers, postMessage, and a table of the promises that wait. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Pool } from '../contestant.ts'

interface Reply {
  readonly id: number
  readonly value: unknown
}

class Channel {
  readonly worker = new Worker(new URL('../workers/post-message.mjs', import.meta.url))
  readonly #waiting = new Map<number, (value: unknown) => void>()
  #last = 0

  constructor() {
    this.worker.on('message', ({ id, value }: Reply) => {
      this.#waiting.get(id)?.(value)
      this.#waiting.delete(id)
    })
  }

  get load(): number {
    return this.#waiting.size
  }

  send(task: string, value: unknown, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    const id = ++this.#last
    this.worker.postMessage({ id, task, value }, transfer)
    return new Promise(resolve => this.#waiting.set(id, resolve))
  }
}

export async function open(threads: number): Promise<Pool> {
  const channels = Array.from({ length: threads }, () => new Channel())
  await Promise.all(channels.map(({ worker }) => once(worker, 'online')))
  const leastLoaded = () => channels.reduce((best, each) => (each.load < best.load ? each : best))
  return {
    call: task => value => leastLoaded().send(task, value),
    move: bytes => leastLoaded().send('move', bytes, [(bytes as Uint8Array<ArrayBuffer>).buffer]),
    map: undefined,
  }
}
