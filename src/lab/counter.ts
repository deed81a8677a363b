/** The lost update: by chance on real threads, and for certain under the checker. */
import assert from 'node:assert/strict'
import { type BuiltTest, check, CheckError } from '../checker/index.ts'
import { Lock, SharedValue } from '../index.ts'
import { type Bar, drawBars } from './bars.ts'
import { type Counted, Counters } from './increments.ts'
import { counted, percent, whole } from './numbers.ts'
import { drawSchedule } from './schedule.ts'
import type { Experiment, Stage } from './stage.ts'

const TIMES = 10_000_000
const RUNS = 5

export const counter: Experiment = {
  async run(stage) {
    stage.say(
      `Two threads do counter.value += 1, ${whole(TIMES)} times each, at the same time and without a lock. It reads, adds and ` +
        'writes: what the other thread has written in between is overwritten.',
    )
    const runs = await runThem(stage)
    const legend = `${stage.paint('green', '█')} counted   ${stage.paint('red', '░')} lost`
    stage.draw([...drawBars(stage, runs.map(barOf)), '', `  ${legend}`])
    stage.say(
      `${chanceOf(runs)} The checker needs no luck: it takes one addition each and tries the orders of their steps until one fails.`,
    )
    await checkIt(stage)
  },
}

async function runThem(stage: Stage): Promise<Counted[]> {
  const counters = new Counters()
  const runs: Counted[] = []
  try {
    for (let run = 1; run <= RUNS; run++) {
      stage.note(`run ${run} of ${RUNS}`)
      runs.push(await counters.count(2, 'plain', new Lock(), TIMES))
    }
  } finally {
    await counters.close()
  }
  return runs
}

/** On a machine with one core, or with much else to do, the threads may never have met. */
function chanceOf(runs: readonly Counted[]): string {
  const losing = runs.filter(run => lossOf(run) > 0).length
  const most = percent(Math.max(...runs.map(lossOf)))
  const different = new Set(runs.map(run => run.counted)).size
  const real = `On real threads it is chance: ${losing} of ${counted(runs.length, 'run')} lost something`
  if (losing === 0) return `${real}, as the threads never met; a test would have passed.`
  return `${real}, up to ${most} of ${whole(runs[0]!.expected)} additions, and there were ${counted(different, 'different result')}.`
}

function lossOf({ expected, counted: seen }: Counted): number {
  return (expected - seen) / expected
}

function barOf(run: Counted, index: number): Bar {
  return {
    name: `run ${index + 1}`,
    parts: [
      { value: run.counted, colour: 'green' },
      { value: run.expected - run.counted, colour: 'red', glyph: '░' },
    ],
    text: `${whole(run.counted).padStart(whole(run.expected).length)}, lost ${percent(lossOf(run)).padStart(5)}`,
  }
}

/** One addition each. Exported for whoever wants to see it replayed. */
export function unlocked(): BuiltTest {
  const shared = new SharedValue('i32', 0, { name: 'counter' })
  const add = (): void => void (shared.value += 1)
  return { threads: [add, add], check: () => assert.equal(shared.value, 2, `counter is ${shared.value}, not 2`) }
}

async function checkIt(stage: Stage): Promise<void> {
  const found = await failureOf()
  stage.draw(drawSchedule(stage, found))
  const { replay, found: tried, reason } = found.schedule
  const again = await failureOf(replay)
  const same =
    again.schedule.reason === reason
      ? 'and it fails in the same way again'
      : `and now it says "${again.schedule.reason}"`
  stage.say(
    `Found after ${counted(tried, 'schedule')}: both threads had read the same value before either wrote. That order has a name, ` +
      `'${replay}': with check(test, { replay: '${replay}' }) it ran once more just now, ${same}.`,
  )
}

async function failureOf(replay?: string): Promise<CheckError> {
  try {
    await check(unlocked, { replay })
  } catch (error) {
    if (error instanceof CheckError) return error
    throw error
  }
  throw new Error('the checker found nothing wrong with a counter that has no lock')
}
