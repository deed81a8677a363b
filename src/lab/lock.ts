/** The counter with a lock: right in every order, and what it costs to be right. */
import assert from 'node:assert/strict'
import { type BuiltTest, check } from '../checker/index.ts'
import { Lock, SharedValue } from '../index.ts'
import { type Bar, drawBars } from './bars.ts'
import { type Counted, Counters, type Way } from './increments.ts'
import { percent, times, whole } from './numbers.ts'
import type { Experiment, Stage } from './stage.ts'

const TIMES = 500_000
/** The time is that of the run in the middle, the losses are those of all of them. */
const RUNS = 3

const WAYS: readonly (readonly [name: string, threads: 1 | 2, way: Way])[] = [
  ['without a lock, 2 threads', 2, 'plain'],
  ['with the lock, 1 thread', 1, 'locked'],
  ['with the lock, 2 threads', 2, 'locked'],
  ['counter.add(1), 2 threads', 2, 'atomic'],
]

export const lock: Experiment = {
  async run(stage) {
    stage.say(
      `The same counter, ${whole(TIMES)} additions a thread, now with lock.withSync(() => counter.value += 1): one thread at a time ` +
        'reads, adds and writes. Nothing can be lost, but each addition now pays for a lock. counter.add(1), one atomic ' +
        'operation, is the cure that needs none.',
    )
    const seen = await countInAllWays(stage)
    stage.draw([`  time of an addition (median of ${RUNS} runs), and losses`, ...drawBars(stage, seen.map(barOf))])
    const [plain, alone, both] = seen as [Counted, Counted, Counted]
    const { coverage, outcomes } = await check(locked)
    stage.say(
      `Without the lock ${whole(plain.expected - plain.counted)} of ${whole(plain.expected)} additions were lost, with it ` +
        `${whole(both.expected - both.counted)}. An addition took ${times(both.each / plain.each)} as long, and ${times(alone.each / plain.each)} where no other ` +
        `thread wants the lock. The checker says of one addition each under the lock: "${coverage}", all of them pass, and the ` +
        `counter is ${outcomes.join(' or ')} in the end.`,
    )
  },
}

async function countInAllWays(stage: Stage): Promise<Counted[]> {
  const counters = new Counters()
  const shared = new Lock()
  const seen: Counted[] = []
  try {
    // The first runs are slow: nothing is compiled yet.
    for (const [, threads, way] of WAYS) await counters.count(threads, way, shared, TIMES / 10)
    for (const [name, threads, way] of WAYS) {
      stage.note(name)
      const runs: Counted[] = []
      for (let run = 0; run < RUNS; run++) runs.push(await counters.count(threads, way, shared, TIMES))
      seen.push(together(runs))
    }
  } finally {
    await counters.close()
  }
  return seen
}

function together(runs: readonly Counted[]): Counted {
  const sum = (of: (run: Counted) => number): number => runs.reduce((total, run) => total + of(run), 0)
  return {
    expected: sum(({ expected }) => expected),
    counted: sum(({ counted }) => counted),
    each: runs.map(({ each }) => each).toSorted((a, b) => a - b)[runs.length >> 1]!,
  }
}

function barOf({ expected, counted, each }: Counted, index: number): Bar {
  const lost = expected - counted
  return {
    name: WAYS[index]![0],
    parts: [{ value: each, colour: lost > 0 ? 'red' : 'green' }],
    text: `${whole(each).padStart(5)} ns, lost ${percent(lost / expected).padStart(5)}`,
  }
}

function locked(): BuiltTest {
  const shared = new SharedValue('i32', 0, { name: 'counter' })
  const guard = new Lock({ name: 'lock' })
  const add = (): void => guard.withSync(() => void (shared.value += 1))
  return {
    threads: [add, add],
    check: () => {
      assert.equal(shared.value, 2)
      return shared.value
    },
  }
}
