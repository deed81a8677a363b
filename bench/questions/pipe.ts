/**
 * How long does a message take to another thread and back, one at a time?
 *
 * As with a call, it depends on who has to be woken, and where: so it is asked with all threads on one core, which is
 * steady, and with cores free.
 */
import { execFileSync } from 'node:child_process'
import { pipe, ThreadPoolExecutor } from '../../dist/index.js'
import { type Chart, compare } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'
import * as tasks from '../streams/tasks.mjs'
import { StreamWorker } from '../streams/workers.ts'

const ONE_CORE = 'one core'
const FREE = 'free'

const WARM_UP = 2000
const ROUND_TRIPS = 10_000

const POST_MESSAGE = 'postMessage'
const BLOCKED = 'multitask, blocked'

async function measure(contestant: string, condition: string): Promise<Figures> {
  if (condition === ONE_CORE) execFileSync('taskset', ['-acp', '0', `${process.pid}`])
  const ask = contestant === POST_MESSAGE ? portQuestions() : pipeQuestions(contestant === BLOCKED)
  await ask(WARM_UP)
  return { [condition]: (await ask(ROUND_TRIPS)) * 1000 }
}

/** Milliseconds of a round trip. */
type Questions = (count: number) => Promise<number>

function pipeQuestions(blocked: boolean): Questions {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
  const [ask, answer] = blocked ? [tasks.ask, tasks.answer] : [tasks.askAwaiting, tasks.answerAwaiting]
  return count => {
    const [near, far] = pipe()
    void pool.submit(answer, far)
    return pool.submit(ask, near, count)
  }
}

function portQuestions(): Questions {
  const [asker, answerer] = [new StreamWorker(), new StreamWorker()]
  return async count => {
    const { port1, port2 } = new MessageChannel()
    await answerer.do('answer', port2)
    return (await asker.do('ask', port1, count)) as number
  }
}

function charts(results: Results): Chart[] {
  const chart = (condition: string, title: string) =>
    compare(results, condition, {
      title: `Round trip of a small message between two threads: ${title}`,
      unit: 'µs',
      better: 'less',
      references: [POST_MESSAGE],
      goals: [
        { row: 'multitask', atMost: 1, of: POST_MESSAGE },
        { row: BLOCKED, atMost: 1, of: 'multitask' },
      ],
    })
  return [chart(ONE_CORE, 'both on one core'), chart(FREE, 'cores free')]
}

export const question: Question = {
  contestants: ['multitask', BLOCKED, POST_MESSAGE],
  conditions: [ONE_CORE, FREE],
  measure,
  charts,
}
