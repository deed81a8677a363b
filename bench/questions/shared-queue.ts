/** How many messages of 64 bytes a second go from one thread to another, and from four threads to four? */
import { SharedQueue, ThreadPoolExecutor } from '../../dist/index.js'
import { type Chart, compare } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'
import type { Shape } from '../streams/messages.mjs'
import * as tasks from '../streams/tasks.mjs'
import { StreamWorker } from '../streams/workers.ts'

/** Messages a run; a run before each, of a third, does not count: until then the engine is at work on the code. */
const MESSAGES = 1_500_000
const CROWD = 4

const SHAPES: readonly Shape[] = ['array', 'text', 'object']

const POST_MESSAGE = 'postMessage'
const AWAITED = 'multitask, awaited'
const CROWDED = 'multitask, 4 to 4'

async function measure(contestant: string): Promise<Figures> {
  const pass =
    contestant === POST_MESSAGE ? postMessages() : contestant === CROWDED ? crowd() : pair(contestant === AWAITED)
  const figures: Record<string, number> = {}
  for (const shape of SHAPES) {
    await pass(shape, MESSAGES / 3)
    figures[shape] = await pass(shape, MESSAGES)
  }
  return figures
}

/** Messages a second. */
type Pass = (shape: Shape, count: number) => Promise<number>

function pair(awaited: boolean): Pass {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 })
  const [produce, consume] = awaited ? [tasks.produceAwaiting, tasks.consumeAwaiting] : [tasks.produce, tasks.consume]
  return async (shape, count) => {
    const queue = new SharedQueue()
    const consumed = pool.submit(consume, queue, count)
    await pool.submit(produce, queue, shape, count)
    return consumed
  }
}

function crowd(): Pass {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 * CROWD })
  return async (shape, count) => {
    const queue = new SharedQueue()
    const began = performance.now()
    await Promise.all(
      Array.from({ length: CROWD }, () => [
        pool.submit(tasks.consume, queue, count / CROWD),
        pool.submit(tasks.produce, queue, shape, count / CROWD),
      ]).flat(),
    )
    return count / ((performance.now() - began) / 1000)
  }
}

function postMessages(): Pass {
  const [producer, consumer] = [new StreamWorker(), new StreamWorker()]
  return async (shape, count) => {
    const { port1, port2 } = new MessageChannel()
    const consumed = consumer.do('consume', port2, count)
    await producer.do('produce', port1, shape, count)
    return (await consumed) as number
  }
}

function charts(results: Results): Chart[] {
  const chart = (shape: Shape, what: string): Chart =>
    compare(results, shape, {
      title: `From thread to thread: ${what}`,
      unit: 'items/s',
      better: 'more',
      references: [POST_MESSAGE],
      goals: [
        { row: 'multitask', atLeast: 10, of: POST_MESSAGE },
        { row: CROWDED, atLeast: 1 / 3, of: 'multitask' },
      ],
    })
  return [
    chart('array', 'an Int32Array of 16 numbers'),
    chart('text', 'a text of 64 letters'),
    chart('object', 'an object with 9 numbers'),
  ]
}

export const question: Question = { contestants: ['multitask', AWAITED, CROWDED, POST_MESSAGE], measure, charts }
