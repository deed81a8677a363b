/** `multitask ps`: the tree of tasks of a running program, or which programs can be asked for theirs. */
import { type Answer, askable, askProgram } from './ask-program.ts'
import { complain } from './complaints.ts'
import { FAILED, OK } from './exit-code.ts'

export interface PsOptions {
  /** Undefined: list the programs. */
  readonly pid: number | undefined
  /** How long a program may take to answer, in ms. */
  readonly timeout: number
}

/** Returns the exit code. */
export function ps({ pid, timeout }: PsOptions): Promise<number> {
  return pid === undefined ? list(timeout) : show(pid, timeout)
}

async function show(pid: number, timeout: number): Promise<number> {
  const answer = await askProgram(pid, timeout)
  if (typeof answer === 'object') {
    await print(`${answer.tree}\n`)
    return OK
  }
  complain(whyNot(pid, answer, timeout))
  return FAILED
}

function whyNot(pid: number, answer: Exclude<Answer, object>, timeout: number): string {
  const process = `process ${pid}`
  const reasons = {
    gone: `there is no ${process}`,
    forbidden: `${process} belongs to another user`,
    closed: `${process} cannot be asked: its program has no run(main, { inspectable: true }) that goes on`,
    silent: `${process} has not answered within ${timeout} ms: its event loop is blocked, or it was stopped`,
  }
  return reasons[answer]
}

async function list(timeout: number): Promise<number> {
  const answers = await Promise.all(askable().map(async pid => ({ pid, answer: await askProgram(pid, timeout) })))
  const rows = answers.flatMap(({ pid, answer }) => rowsOf(pid, answer))
  if (rows.length === 0) complain('no program of yours that goes on has run(main, { inspectable: true })')
  else await print(table([['PID', 'AGE', 'TASKS', 'COMMAND'], ...rows]))
  return OK
}

/** One, or none for what has ended meanwhile. */
function rowsOf(pid: number, answer: Answer): string[][] {
  if (typeof answer === 'object') return [[`${pid}`, span(answer.age), `${answer.tasks}`, answer.command]]
  return answer === 'silent' ? [[`${pid}`, '?', '?', 'does not answer']] : []
}

function span(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

/** The numbers to the right, the last column as it is. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `${row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')}\n`).join('')
}

/** Resolves when it has been handed on. Who reads it may have had enough, and that is no failure. */
function print(text: string): Promise<void> {
  return new Promise(resolve => {
    process.stdout.on('error', () => resolve())
    process.stdout.write(text, () => resolve())
  })
}
