/** What does a call in another process cost: in a flood, alone, and with a mebibyte there and back? And what the process? */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Chart, compare } from '../chart.ts'
import { privateMemoryOfChildren } from '../processes/memory.ts'
import { contestants, openProcesses } from '../processes/pools.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { floodFor, pause, roundTrips, time } from '../timing.ts'

const PYTHON = 'Python'
const IPC = 'fork IPC'

/** Milliseconds; what is measured before, while compilers settle, does not count. */
const WARM_UP = 400
const DURATION = 500
/** Until what a process does after its start is done. */
const REST = 500

async function measure(contestant: string): Promise<Figures> {
  if (contestant === PYTHON) return askPython()
  // What is loaded for the first pool of all is no part of a start.
  const earlier = await openProcesses(contestant, 1)
  await earlier('noop')()
  const first = await time(async () => (await openProcesses(contestant, 1))('noop')())
  await pause(REST)
  const memory = privateMemoryOfChildren()
  const both = await openProcesses(contestant, 2)
  await floodFor(both('noop'), WARM_UP)
  const noop = await floodFor(both('noop'), DURATION)
  const one = await openProcesses(contestant, 1)
  await roundTrips(one('noop'), WARM_UP)
  const trip = median(await roundTrips(one('noop'), DURATION)) * 1000
  const bytes = new Uint8Array(1 << 20)
  const large = median(await roundTrips(() => one('echo')(bytes), DURATION)) * 1000
  return { noop, trip, large, first, ...(memory === undefined ? {} : { memory }) }
}

async function askPython(): Promise<Figures> {
  const script = fileURLToPath(new URL('../processes/python_processes.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script])
  return JSON.parse(stdout) as Figures
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'noop', {
      title: 'Calls that do nothing, 2 processes, at most 1000 in flight',
      unit: 'tasks/s',
      better: 'more',
      references: [IPC, PYTHON],
      goals: [{ row: 'multitask', atLeast: 150_000 }],
    }),
    compare(results, 'trip', {
      title: 'One call that does nothing, there and back',
      unit: 'µs',
      better: 'less',
      references: [IPC],
      goals: [{ row: 'multitask', atMost: 1.3, of: IPC }],
    }),
    compare(results, 'large', {
      title: 'A mebibyte there and back',
      unit: 'µs',
      better: 'less',
      references: [IPC],
      goals: [{ row: 'multitask', atMost: 1, of: IPC }],
    }),
    compare(results, 'first', {
      title: 'From opening a pool of one process to its first result',
      unit: 'ms',
      better: 'less',
      references: [IPC],
      goals: [{ row: 'multitask', atMost: 1.3, of: IPC }],
    }),
    compare(results, 'memory', {
      title: 'Memory that an idle process has for itself, after one call',
      unit: 'MB',
      better: 'less',
      references: [IPC],
    }),
  ]
}

export const question: Question = { contestants: [...contestants, PYTHON], measure, charts }
