/**
 * The explorer against full search: on random programs both must come to the same outcomes, deadlocks among them.
 * (Without source sets, outcomes were missed in about one of a hundred such programs.)
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lock, Semaphore, SharedArray } from 'multitask'
import { Bounded } from '../../dist/checker/bounded.js'
import { Dpor } from '../../dist/checker/dpor.js'
import { programOf } from '../../dist/checker/program.js'
import type { EngineOptions } from '../../dist/checker/conductor.js'
import { reExecution } from '../../dist/checker/re-execution.js'
import type { Strategy } from '../../dist/checker/strategy.js'

type Action = readonly ['store' | 'load' | 'add' | 'take' | 'give', number, number]

/** Numbers that look random, the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

function randomThreads(random: (below: number) => number, locks: boolean): Action[][] {
  const threads = 2 + random(2)
  return Array.from({ length: threads }, () => {
    const actions: Action[] = []
    const held = new Set<number>()
    for (let left = threads === 2 ? 2 + random(4) : 1 + random(3); left > 0; left--) {
      const kind = random(locks ? 12 : 6)
      const place = random(3)
      if (kind < 3) actions.push(['store', place, 1 + random(3)])
      else if (kind < 5) actions.push(['load', place, 0])
      else if (kind === 5) actions.push(['add', place, 1 + random(2)])
      else {
        const lock = place % 2
        actions.push([held.has(lock) ? 'give' : 'take', lock, 0])
        if (!held.delete(lock)) held.add(lock)
      }
    }
    for (const lock of held) actions.push(['give', lock, 0])
    return actions
  })
}

/** Runs all schedules of a strategy. Returns their outcomes, and how many they were; undefined if they are too many. */
function explore(
  threads: readonly Action[][],
  strategy: Strategy,
  steps: EngineOptions['steps'],
): { outcomes: Set<string>; schedules: number } | undefined {
  const seen: string[] = []
  const engine = reExecution(
    programOf(() => {
      const memory = new SharedArray('i32', 3)
      const locks = [new Lock(), new Semaphore(1)]
      const bodies = threads.map((actions, number) => () => {
        const loaded: number[] = []
        for (const [kind, place, value] of actions) {
          if (kind === 'store') memory.store(place, value + (loaded.at(-1) ?? 0))
          else if (kind === 'load') loaded.push(memory.load(place))
          else if (kind === 'add') memory.add(place, value)
          else if (kind === 'take') locks[place]!.acquireSync()
          else locks[place]!.release()
        }
        seen[number] = loaded.join(' ')
      })
      return { threads: bodies, check: () => `${[...memory.view].join(' ')} | ${seen.join(', ')}` }
    }),
    { steps, maxSteps: 1000 },
  )
  const outcomes = new Set<string>()
  let schedules = 0
  for (;;) {
    const course = engine.run(strategy, false)
    if (!course.isRedundant) {
      schedules++
      outcomes.add(course.failure === undefined ? String(course.outcome) : course.failure.kind)
    }
    if (!course.hasMore) return { outcomes, schedules }
    if (schedules > 3000) return undefined
  }
}

for (const [steps, locks, seed] of [
  ['operations', true, 99],
  ['operations', false, 2026],
  ['atomics', false, 7],
] as const) {
  const kind = locks ? 'with locks' : 'of memory alone'
  void test(
    `the reduced search misses nothing in 200 random programs ${kind}, by ${steps}`,
    { timeout: 60_000 },
    () => {
      const random = generator(seed)
      let full = 0
      let reduced = 0
      for (let program = 0; program < 200; program++) {
        const threads = randomThreads(random, locks)
        const all = explore(threads, new Bounded(Infinity), steps)
        if (all === undefined) continue
        const few = explore(threads, new Dpor(), steps)!
        assert.deepEqual([...few.outcomes].toSorted(), [...all.outcomes].toSorted(), JSON.stringify(threads))
        full += all.schedules
        reduced += few.schedules
      }
      assert.ok(reduced * 5 < full, `${reduced} of ${full}`)
    },
  )
}
