import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeSchedule, encodeSchedule, switchesOf } from '../../dist/checker/schedule.js'

void test('a schedule is written as whose turn it is, and for how many steps', () => {
  const schedule = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1]
  assert.equal(encodeSchedule(schedule), 'B3A7B2')
  assert.deepEqual(decodeSchedule('B3A7B2'), schedule)
  assert.equal(switchesOf(schedule), 2)
  assert.equal(encodeSchedule([]), '')
  assert.deepEqual(decodeSchedule(''), [])
})

void test('what is no schedule is refused', () => {
  for (const text of ['B', '3A', 'B0', 'b3', 'A1 B1', 'A1000000']) {
    assert.throws(() => decodeSchedule(text), /^TypeError: replay must be a schedule such as 'B3A7B2'/)
  }
})
