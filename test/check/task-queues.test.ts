/** The queues for the tasks of one thread, as they are, under every interleaving of what awaits them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimpleQueue } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'
import { register } from 'multitask/transform'
import { failureOf } from '../fixtures/failure-of.ts'

register({ include: 'test/fixtures/awaits/*.ts' })
const programs = await import('../fixtures/awaits/queue-programs.ts')
const { bounded, brokenQueue, ending, givingUp, joining, passing, sharing } = programs

const LIMIT = { timeout: 120_000 }

function passes(claim: string, program: () => BuiltTest): void {
  void test(claim, LIMIT, async () => {
    const { complete, coverage } = await check(program, { awaits: 'all' })
    assert.ok(complete, coverage)
  })
}

for (const [type, make] of Object.entries(bounded)) {
  passes(`a ${type} with room for one passes two items on`, () => passing(make(1)))
  passes(`a ${type} gives each of two an item`, () => sharing(make(0)))
  passes(`a ${type} loses no item to who gives up`, () => givingUp(make(0)))
  passes(`a ${type} that is shut down tells everybody, and loses nothing`, () => ending(make(1)))
  passes(`a ${type} is joined when its items are done`, () => joining(make(0)))
}
passes('a SimpleQueue passes two items on', () => passing(new SimpleQueue<number>()))
passes('a SimpleQueue gives each of two an item', () => sharing(new SimpleQueue<number>()))

void test('a queue that awaits between the look and the taking is found out', LIMIT, async () => {
  const { schedule } = await failureOf(brokenQueue, { awaits: 'all' })
  assert.match(schedule.reason, /^(ann|bob): /)
})
