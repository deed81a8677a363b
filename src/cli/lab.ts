/** `multitask lab`: lists the experiments, or runs those that were asked for, one after the other. */
import { experiments, type Listed } from '../lab/experiments.ts'
import { complain } from './complaints.ts'
import { FAILED, OK, USAGE } from './exit-code.ts'
import { reportOf } from './failure.ts'
import { onInterrupt } from './interrupt.ts'
import { LabTerminal } from './lab-terminal.ts'
import { nearest } from './nearest.ts'

/** The longest that a timer can wait, in ms. */
const FOR_EVER = 2 ** 31 - 1

const ALL = 'all'

export interface LabOptions {
  /** Of experiments; none: list them. */
  readonly names: readonly string[]
  /** Columns; undefined: as many as the terminal has. */
  readonly width: number | undefined
}

/** Returns the exit code. */
export async function lab({ names, width }: LabOptions): Promise<number> {
  const unknown = names.find(name => name !== ALL && !experiments.some(each => each.name === name))
  if (unknown !== undefined) {
    const known = nearest([...experiments.map(({ name }) => name), ALL], unknown).join(', ')
    complain(`there is no experiment ${JSON.stringify(unknown)}; there are ${known}`)
    return USAGE
  }
  const terminal = new LabTerminal(width)
  const chosen = experiments.filter(({ name }) => names.includes(name) || names.includes(ALL))
  if (chosen.length === 0) list(terminal)
  else return runAll(terminal, chosen)
  await terminal.flushed()
  return OK
}

/**
 * Resolves as soon as the user wants the end, or nobody reads any more. What an experiment has begun by then, threads and
 * processes among it, ends with the command.
 */
async function runAll(terminal: LabTerminal, chosen: readonly Listed[]): Promise<number> {
  // Threads that wait for each other keep no runtime alive.
  const alive = setInterval(() => {}, FOR_EVER)
  const interrupted = new Promise<number>(resolve => onInterrupt(resolve))
  const unread = terminal.closed.then(() => OK)
  const exitCode = await Promise.race([runEach(terminal, chosen), interrupted, unread])
  clearInterval(alive)
  terminal.end()
  return exitCode
}

async function runEach(terminal: LabTerminal, chosen: readonly Listed[]): Promise<number> {
  for (const { name, load } of chosen) {
    terminal.head(name)
    try {
      const experiment = await load()
      await experiment.run(terminal)
    } catch (error) {
      terminal.end()
      complain(`${name} came to no end: ${reportOf(error)}`)
      return FAILED
    }
    await terminal.flushed()
  }
  return OK
}

function list(terminal: LabTerminal): void {
  terminal.say('Small experiments, each a few seconds long: they measure on this machine, and draw what they saw.')
  const width = Math.max(...experiments.map(({ name }) => name.length))
  terminal.draw(experiments.map(({ name, summary }) => terminal.item(name, width, summary)))
  terminal.say(`multitask lab ${experiments[1]!.name} runs one, multitask lab ${ALL} runs them all.`)
}
