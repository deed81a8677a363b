import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { transfer, wrap } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { Pool } from '../contestant.ts'

/** Comlink has no pool: its users take workers in turn. */
export async function open(threads: number): Promise<Pool> {
  const url = new URL('../workers/comlink.mjs', import.meta.url)
  const workers = Array.from({ length: threads }, () => new Worker(url))
  await Promise.all(workers.map(worker => once(worker, 'online')))
  const remotes = workers.map(worker => wrap(nodeEndpoint(worker)))
  let turn = 0
  return {
    call: task => value => remotes[turn++ % threads]![task]!(value),
    move: bytes => remotes[turn++ % threads]!.move!(transfer(bytes, [(bytes as Uint8Array).buffer])),
    map: undefined,
  }
}
