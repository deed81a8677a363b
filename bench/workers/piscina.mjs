import { Piscina } from 'piscina'

export * from '../tasks.mjs'

export function move(bytes) {
  return Piscina.move(bytes)
}
