import { transfer } from '../../dist/index.js'

export function echoMoved(bytes) {
  return transfer(bytes)
}
