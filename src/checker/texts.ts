/** What steps are called in a report. */
import type { Bits, Operation } from '../memory/atomics.ts'

/** What an operation came to, in a few words; '' if that says nothing. */
export function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return ` → ${value}`
  if (typeof value === 'string') return ` → ${JSON.stringify(value)}`
  return value === null ? ' → null' : ''
}

export function operationText(name: string, operation: Operation, result: Bits, a?: Bits, b?: Bits): string {
  switch (operation) {
    case 'read':
      return `${name} → ${result}`
    case 'write':
      return `${name} = ${a}`
    case 'load':
      return `${name} load → ${result}`
    case 'store':
      return `${name} store ${a}`
    case 'compareExchange':
    case 'tryExchange':
      return `${name} ${a} ⇒ ${b} ${result === a ? 'ok' : `failed: it is ${result}`}`
    case 'notify':
      return `${name} notify → ${result}`
    default:
      return `${name} ${operation} ${a} → ${result}`
  }
}
