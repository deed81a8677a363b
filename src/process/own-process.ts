/** What this process is in the program: the first one, or one that another has started. */

interface ProcessInfo {
  readonly name: string
  readonly pid: number
}

export interface OwnProcess {
  readonly name: string
  /** Whether the program ends without waiting for it. */
  readonly daemon: boolean
  readonly parent: ProcessInfo | undefined
}

let own: OwnProcess = { name: 'MainProcess', daemon: false, parent: undefined }

export function ownProcess(): OwnProcess {
  return own
}

/** Called once, by the boot file of a process that another has started. */
export function enterProcess(given: OwnProcess): void {
  own = given
}
