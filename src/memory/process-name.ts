/** How this process is called in those that started it. */

let name: string | undefined

/** Called once, by the boot file of a process that another has started. */
export function nameProcess(given: string): void {
  name = given
}

/** Undefined in the first process of a program. */
export function processName(): string | undefined {
  return name
}
