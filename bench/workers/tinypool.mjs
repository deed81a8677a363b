import { Tinypool } from 'tinypool'

export * from '../tasks.mjs'

export function move(bytes) {
  return Tinypool.move(bytes)
}
