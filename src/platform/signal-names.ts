/** Signals by number and by name. */

export function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : (signals()[name] ?? 0)
}

/** The name of the signal that ended a process with this negative code. */
export function signalName(code: number): string | undefined {
  return Object.entries(signals()).find(([, number]) => number === -code)?.[0]
}

function signals(): Partial<Record<NodeJS.Signals, number>> {
  return process.getBuiltinModule('node:os').constants.signals
}
