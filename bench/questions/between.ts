/** What does it cost to use from a process what another one has: a pipe, a queue, a lock, an object? */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { host, Lock, pipe, ProcessPoolExecutor, SharedQueue } from '../../dist/index.js'
import { callOften, lockOften, putMany, sendMany } from '../between/tasks.mjs'
import { type Chart, compare } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'

const PYTHON = 'Python'
const COUNT = 50_000
const TIMES = 1000
/** Messages after which all that takes part is up. */
const WARM_UP = 1000

async function measure(contestant: string): Promise<Figures> {
  if (contestant === PYTHON) return askPython()
  await using pool = new ProcessPoolExecutor({ maxWorkers: 1 })
  let n = 0
  const counter = host({ add: (by: number) => (n += by) })
  const messages = await perSecond(() => {
    const [here, there] = pipe<number>()
    return { send: count => pool.submit(sendMany, there, count), next: () => here.recv() }
  })
  const items = await perSecond(() => {
    const queue = new SharedQueue<number>()
    return { send: count => pool.submit(putMany, queue, count), next: () => queue.get() }
  })
  const lock = await pool.submit(lockOften, new Lock(), TIMES)
  return { pipe: messages, queue: items, lock, call: await pool.submit(callOften, counter, TIMES) }
}

interface Way {
  readonly send: (count: number) => PromiseLike<void>
  readonly next: () => Promise<number>
}

/** From the moment in which the other process is asked: it may gather all before the first one arrives. */
async function perSecond(open: () => Way): Promise<number> {
  let took = 0
  for (const count of [WARM_UP, COUNT]) {
    const { send, next } = open()
    const began = performance.now()
    const sending = send(count)
    for (let i = 0; i < count; i++) await next()
    took = performance.now() - began
    await sending
  }
  return (COUNT * 1000) / took
}

async function askPython(): Promise<Figures> {
  const script = fileURLToPath(new URL('../between/python_between.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script])
  return JSON.parse(stdout) as Figures
}

function charts(results: Results): Chart[] {
  const references = [PYTHON]
  return [
    compare(results, 'pipe', {
      title: 'Small messages by a pipe from another process',
      unit: 'messages/s',
      better: 'more',
      references,
      goals: [{ row: 'multitask', atLeast: 2, of: PYTHON }],
    }),
    compare(results, 'queue', {
      title: 'Small items by a queue from another process',
      unit: 'items/s',
      better: 'more',
      references,
    }),
    compare(results, 'lock', {
      title: 'To take a free lock of another process and give it back (Python: a lock of a Manager)',
      unit: 'µs',
      better: 'less',
      references,
    }),
    compare(results, 'call', {
      title: 'To call a method of an object in another process (Python: of a Manager)',
      unit: 'µs',
      better: 'less',
      references,
    }),
  ]
}

export const question: Question = { contestants: ['multitask', PYTHON], measure, charts }
