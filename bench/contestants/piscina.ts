import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { Pool } from '../contestant.ts'

type Options = ConstructorParameters<typeof Piscina>[0]

/** Piscina as it comes, but for the number of threads. */
export function open(threads: number, more: Partial<Options> = {}): Pool {
  const filename = fileURLToPath(new URL('../workers/piscina.mjs', import.meta.url))
  const piscina = new Piscina({ filename, minThreads: threads, maxThreads: threads, ...more })
  return {
    call: name => {
      const options = { name }
      return value => piscina.run(value, options)
    },
    move: bytes => piscina.run(bytes, { name: 'move', transferList: [(bytes as Uint8Array).buffer] }),
    map: undefined,
  }
}
