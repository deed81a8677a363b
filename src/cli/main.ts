#!/usr/bin/env node
/** The command `multitask`. */
import { CommanderError } from 'commander'
import { CancelledError } from '../index.ts'
import { type MapOptions, makeProgram } from './args.ts'
import { complain } from './complaints.ts'
import { FAILED, OK, USAGE } from './exit-code.ts'
import { reportOf } from './failure.ts'
import { onInterrupt } from './interrupt.ts'
import { lab } from './lab.ts'
import { ps } from './ps.ts'
import { runMap } from './run-map.ts'
import { UsageError } from './usage-error.ts'

/** The longest that a timer can wait, in ms. */
const FOR_EVER = 2 ** 31 - 1

async function map(options: MapOptions): Promise<number> {
  // A function on the loop may wait for what keeps no runtime alive. Whether that ever comes is not for us to say.
  setInterval(() => {}, FOR_EVER)
  // Nor does it matter whether anybody reads what is said beside the results.
  process.stderr.on('error', () => {})
  const stop = new AbortController()
  let interrupted: number | undefined
  onInterrupt(exitCode => {
    interrupted = exitCode
    stop.abort()
  })
  try {
    const exitCode = await runMap(options, stop)
    return interrupted ?? exitCode
  } catch (error) {
    if (interrupted !== undefined && error instanceof CancelledError) return interrupted
    complain(error instanceof UsageError ? error.message : reportOf(error))
    return error instanceof UsageError ? USAGE : (interrupted ?? FAILED)
  }
}

async function main(): Promise<number> {
  let exitCode = OK
  const program = makeProgram({
    map: async options => void (exitCode = await map(options)),
    ps: async options => void (exitCode = await ps(options)),
    lab: async options => void (exitCode = await lab(options)),
  })
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version that were asked for are no mistakes.
    return error.exitCode === 0 ? OK : USAGE
  }
  return exitCode
}

// What the user's module left open, such as a timer or a socket, must not keep a command alive that is done.
process.exit(await main())
