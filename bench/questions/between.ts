/** What does it cost to use from a process what another one has: a pipe, a queue, a lock, an object? */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Barrier, host, Lock, pipe, ProcessPoolExecutor, SharedQueue, SharedValue } from '../../dist/index.js'
import { callOften, countUp, lockOften, putMany, receiveMany, sendMany } from '../between/tasks.mjs'
import { type Chart, compare } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'

const PYTHON = 'Python'
const MAPPED = 'multitask'
/** What there is without koffi, and on systems that cannot do it. */
const APART = 'multitask, without shared memory'
const COUNT = 200_000
const ADDITIONS = 50_000
const TIMES = 1000
/** Messages after which all that takes part is up. */
const WARM_UP = 20_000

async function measure(contestant: string): Promise<Figures> {
  if (contestant === PYTHON) return askPython()
  if (contestant === APART) process.env['MULTITASK_SHARED_MEMORY'] = 'off'
  await using pool = new ProcessPoolExecutor({ maxWorkers: 2 })
  let n = 0
  const counter = host({ add: (by: number) => (n += by) })
  const messages = await perSecond(() => {
    const [here, there] = pipe<number>()
    return { send: count => pool.submit(sendMany, there, count), next: () => here.recv() }
  })
  const back = await sendBack(pool)
  const items = await perSecond(() => {
    const queue = new SharedQueue<number>()
    return { send: count => pool.submit(putMany, queue, count), next: () => queue.get() }
  })
  const additions = await countTogether(pool, contestant === APART ? ADDITIONS / 50 : ADDITIONS)
  const lock = await pool.submit(lockOften, new Lock(), TIMES)
  const call = await pool.submit(callOften, counter, TIMES)
  return { pipe: messages, back, queue: items, additions, lock, managed: lock, call }
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

/** The other way, until the last one is received. */
async function sendBack(pool: ProcessPoolExecutor): Promise<number> {
  let took = 0
  // Fewer: without shared memory each is asked for.
  for (const count of [WARM_UP, COUNT / 10]) {
    const [here, there] = pipe<number>()
    const receiving = pool.submit(receiveMany, there, count)
    await here.recv()
    const began = performance.now()
    for (let i = 0; i < count; i++) await here.send(i)
    await here.recv()
    took = performance.now() - began
    await receiving
  }
  return ((COUNT / 10) * 1000) / took
}

async function countTogether(pool: ProcessPoolExecutor, times: number): Promise<number> {
  let took = 0
  for (const each of [times / 10, times]) {
    const [value, barrier] = [new SharedValue('i32'), new Barrier(2)]
    const others = await Promise.all([0, 1].map(() => pool.submit(countUp, value, barrier, each)))
    took = Math.max(...others)
    if (value.value !== 2 * each) throw new Error(`${value.value} of ${2 * each} additions have arrived`)
  }
  return (2 * times * 1000) / took
}

async function askPython(): Promise<Figures> {
  const script = fileURLToPath(new URL('../between/python_between.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script])
  return JSON.parse(stdout) as Figures
}

function charts(results: Results): Chart[] {
  const references = [PYTHON]
  const more = { better: 'more', references } as const
  const less = { unit: 'µs', better: 'less', references } as const
  const withOwner = new Map([...results].filter(([label]) => label !== MAPPED))
  return [
    compare(results, 'pipe', {
      ...more,
      title: 'Small messages by a pipe from another process',
      unit: 'messages/s',
      goals: [{ row: MAPPED, atLeast: 2, of: PYTHON }],
    }),
    compare(results, 'back', { ...more, title: 'Small messages by a pipe to another process', unit: 'messages/s' }),
    compare(results, 'queue', { ...more, title: 'Small items by a queue from another process', unit: 'items/s' }),
    compare(results, 'additions', {
      ...more,
      title: 'Two processes add to one number, each time under its lock',
      unit: 'items/s',
    }),
    compare(results, 'lock', {
      ...less,
      title: 'To take a free lock and give it back, in a process that did not make it',
    }),
    compare(withOwner, 'managed', { ...less, title: 'The same (Python: of a Manager)' }),
    compare(results, 'call', {
      ...less,
      title: 'To call a method of an object in another process (Python: of a Manager)',
    }),
  ]
}

export const question: Question = { contestants: [MAPPED, APART, PYTHON], measure, charts }
