/** Real threads under the checker, on the same programs as played ones; and SharedQueue and pipe, which can be checked in no other way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, type CheckOptions } from 'multitask/checker'
import { failureOf } from '../fixtures/failure-of.ts'
import {
  counter,
  joined,
  locked,
  lostUpdate,
  manyProducers,
  pipeClosed,
  pipeEnds,
  queue,
  shutDown,
  thrower,
} from './real-programs.ts'

const LIMIT = 120_000
const real: CheckOptions = { threads: 'real', module: new URL('./real-programs.ts', import.meta.url).href }

for (const program of [counter, locked]) {
  void test(`real threads have the same schedules as played ones: ${program.name}`, { timeout: LIMIT }, async () => {
    const played = await check(program, { steps: 'atomics' })
    assert.deepEqual(await check(program, real), played)
  })
}

void test('what fails with real threads fails with played ones, by the same replay', { timeout: LIMIT }, async () => {
  const found = await failureOf(lostUpdate, real)
  const { replay } = found.schedule
  assert.equal(replay, 'A1B2A1')
  assert.equal((await failureOf(lostUpdate, { replay })).schedule.replay, replay)
  assert.equal((await failureOf(lostUpdate, { ...real, replay })).schedule.reason, found.schedule.reason)
})

void test('an error of a real thread is told', { timeout: LIMIT }, async () => {
  assert.equal((await failureOf(thrower, real)).schedule.reason, 'ann: no such thing')
})

void test(
  'a SharedQueue with room for one item passes two on, under every interleaving',
  { timeout: LIMIT },
  async () => {
    const { complete, coverage } = await check(queue, { ...real, bounds: [0, 1], random: 0, schedules: 3000 })
    assert.ok(complete, coverage)
  },
)

for (const program of [manyProducers, shutDown, joined]) {
  void test(`a SharedQueue is right with one preemption: ${program.name}`, { timeout: LIMIT }, async () => {
    const { complete, coverage } = await check(program, { ...real, bounds: [0, 1], random: 0, schedules: 800 })
    assert.ok(complete || coverage.startsWith('every schedule with at most 1 preemptions'), coverage)
  })
}

for (const program of [pipeEnds, pipeClosed]) {
  void test(`a pipe is right with one preemption: ${program.name}`, { timeout: LIMIT }, async () => {
    const { complete, coverage } = await check(program, { ...real, bounds: [0, 1], random: 0, schedules: 800 })
    assert.ok(complete || coverage.startsWith('every schedule with at most 1 preemptions'), coverage)
  })
}

void test('real threads need a module in which they find the test', { timeout: LIMIT }, async () => {
  await assert.rejects(check(counter, { threads: 'real' }), /needs the module of the test/)
  await assert.rejects(
    check(() => counter(), real),
    /^TypeError: the test must be an export of /,
  )
})
