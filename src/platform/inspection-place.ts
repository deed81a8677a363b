/**
 * Where `multitask ps` and the programs that let themselves be looked at meet: a socket named by the number of the process,
 * in a folder of the temporary folder that nobody but the user can enter.
 *
 * Not a signal such as SIGUSR2, which many programs use for that: it ends those that do not expect it.
 */

/** What a program tells of itself. */
export interface Inspection {
  readonly pid: number
  /** As it was started. */
  readonly command: string
  /** In ms, since the process was started. */
  readonly age: number
  /** How many tasks are not over. */
  readonly tasks: number
  /** What `dumpTasks()` returns. */
  readonly tree: string
}

const ENDING = '.sock'

/** The folder of a user; of the own one by default. */
export function inspectionFolder(user: number = ownUser()): string {
  const { tmpdir } = process.getBuiltinModule('node:os')
  return process.getBuiltinModule('node:path').join(tmpdir(), `multitask-${user}`)
}

export function socketIn(folder: string, pid: number): string {
  return process.getBuiltinModule('node:path').join(folder, `${pid}${ENDING}`)
}

/** The process that a file of the folder belongs to, undefined for other files. */
export function pidOf(file: string): number | undefined {
  const pid = Number(file.slice(0, -ENDING.length))
  return file.endsWith(ENDING) && Number.isInteger(pid) && pid > 0 ? pid : undefined
}

/**
 * Whether the folder is there and nobody else can put anything into it: the temporary folder belongs to everybody, who may
 * have made one of that name.
 */
export function isPrivate(folder: string, user: number = ownUser()): boolean {
  const found = process.getBuiltinModule('node:fs').lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0
}

/** Windows has no such numbers, and no such sockets. */
export function ownUser(): number {
  return process.getuid?.() ?? 0
}
