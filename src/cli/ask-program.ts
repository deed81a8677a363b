/** Asks a program what it does. The far end is platform/inspection-server.ts. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { type Inspection, inspectionFolder, isPrivate, ownUser, pidOf, socketIn } from '../platform/inspection-place.ts'

/** What came of it. `silent`: it took the question and did not answer in time. */
export type Answer = Inspection | 'gone' | 'forbidden' | 'closed' | 'silent'

/** Asks the process with this number. `timeout`: how long it may take to answer, in ms. */
export async function askProgram(pid: number, timeout: number): Promise<Answer> {
  const state = stateOf(pid)
  const user = userOf(pid)
  const folder = inspectionFolder(user)
  if (state !== 'alive') {
    forget(folder, pid)
    return state
  }
  if (!isPrivate(folder, user)) return 'closed'
  const answer = await ask(socketIn(folder, pid), timeout)
  // Nobody listens: another program has the number by now, or it has just ended.
  if (answer === 'closed') forget(folder, pid)
  return answer
}

/** The processes of this user that have said that they can be asked, in the order of their numbers. */
export function askable(): number[] {
  const folder = inspectionFolder()
  if (!isPrivate(folder)) return []
  const pids = readdirSync(folder).flatMap(file => pidOf(file) ?? [])
  return pids.toSorted((a, b) => a - b)
}

/** Signal 0 reaches nobody. */
function stateOf(pid: number): 'alive' | 'gone' | 'forbidden' {
  try {
    process.kill(pid, 0)
    return 'alive'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'forbidden' : 'gone'
  }
}

/** Whose process it is, where the system tells; only the superuser may look at those of others. */
function userOf(pid: number): number {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? ownUser()
}

function forget(folder: string, pid: number): void {
  if (isPrivate(folder)) rmSync(socketIn(folder, pid), { force: true })
}

function ask(path: string, timeout: number): Promise<Inspection | 'closed' | 'silent'> {
  return new Promise(resolve => {
    const socket = connect(path)
    let text = ''
    const end = (answer: Inspection | 'closed' | 'silent'): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end('silent'), timeout)
    socket.on('error', () => end('closed'))
    socket.on('data', (piece: Buffer) => (text += piece.toString()))
    socket.on('end', () => end(read(text)))
  })
}

/** A program that ends in the middle of its answer is as good as one that has ended. */
function read(text: string): Inspection | 'closed' {
  try {
    return JSON.parse(text) as Inspection
  } catch {
    return 'closed'
  }
}
