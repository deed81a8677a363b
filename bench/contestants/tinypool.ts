import { fileURLToPath } from 'node:url'
import { Tinypool } from 'tinypool'
import type { Pool } from '../contestant.ts'

export function open(threads: number): Pool {
  const filename = fileURLToPath(new URL('../workers/tinypool.mjs', import.meta.url))
  const tinypool = new Tinypool({ filename, minThreads: threads, maxThreads: threads })
  return {
    call: name => {
      const options = { name }
      return value => tinypool.run(value, options)
    },
    move: bytes => tinypool.run(bytes, { name: 'move', transferList: [(bytes as Uint8Array).buffer] }),
    map: undefined,
  }
}
