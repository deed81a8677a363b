/** How long do two threads take for a million increments each, under one lock? */
import { Lock, ThreadPoolExecutor } from '../../dist/index.js'
import { type Chart, compare } from '../chart.ts'
import { COUNTER, withFutex, withLock } from '../locks/increments.mjs'
import { PYTHON } from '../locks/locking.ts'
import { askPython } from '../locks/python.ts'
import type { Figures, Question, Results } from '../question.ts'

const TIMES = 1_000_000
const THREADS = 2
const FUTEX = 'bare futex'

async function measure(contestant: string): Promise<Figures> {
  if (contestant === PYTHON) return askPython('contended', TIMES, THREADS)
  const pool = new ThreadPoolExecutor({ maxWorkers: THREADS })
  const run = async (times: number): Promise<number> => {
    const lock = new Lock()
    const words = new Int32Array(new SharedArrayBuffer(16))
    const work = () =>
      contestant === FUTEX
        ? pool.submit(withFutex, words, THREADS, times)
        : pool.submit(withLock, lock, words, THREADS, times)
    const took = await Promise.all(Array.from({ length: THREADS }, work))
    if (words[COUNTER] !== THREADS * times)
      throw new Error(`${words[COUNTER]} of ${THREADS * times} increments are there`)
    return Math.max(...took)
  }
  await run(TIMES / 10)
  return { increment: ((await run(TIMES)) / (THREADS * TIMES)) * 1e6 }
}

function charts(results: Results): Chart[] {
  return [
    compare(results, 'increment', {
      title: '2 threads, 1 M increments each under one lock: time for one increment',
      unit: 'ns',
      better: 'less',
      references: [FUTEX, PYTHON],
      goals: [
        { row: 'multitask', atMost: 1.3, of: FUTEX },
        { row: 'multitask', atMost: 1 / 3, of: PYTHON },
      ],
    }),
  ]
}

export const question: Question = { contestants: ['multitask', FUTEX, PYTHON], measure, charts }
