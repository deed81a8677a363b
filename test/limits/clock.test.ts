import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { alarm } from '../../dist/limits/clock.js'

test('an alarm that is longer than a timer can be rings at its time', t => {
  const hold = mock.timers
  hold.enable({ apis: ['setTimeout'] })
  t.after(() => hold.reset())
  let rung = 0
  const day = 24 * 60 * 60 * 1000
  alarm(60 * day, () => rung++)
  for (let days = 0; days < 59; days++) hold.tick(day)
  assert.equal(rung, 0)
  // A timer that another one starts begins, for the mock, when the tick ends.
  for (let days = 0; days < 4; days++) hold.tick(day)
  assert.equal(rung, 1)
})

test('an alarm that is taken back does not ring, nor does one that is for ever', async () => {
  let rung = 0
  alarm(0, () => rung++)()
  alarm(Infinity, () => rung++)()
  await new Promise(resolve => setTimeout(resolve, 5))
  assert.equal(rung, 0)
})
