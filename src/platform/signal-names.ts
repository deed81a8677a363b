/** Signals by number and by name. */
import { constants } from 'node:os'

export function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : (constants.signals[name] ?? 0)
}

/** The name of the signal that ended a process with this negative code. */
export function signalName(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === -code)?.[0]
}
