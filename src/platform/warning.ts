/** Warnings, where the runtime shows them: on standard error, or in the console of a browser. */
export function warn(message: string): void {
  const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'emitWarning'>> }).process
  if (host?.emitWarning === undefined) console.warn(message)
  else host.emitWarning(message, 'MultitaskWarning')
}
