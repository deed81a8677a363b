import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backlog } from '../../dist/loop/backlog.js'

interface Item {
  readonly label: string
  waits: boolean
}

const item = (label: string): Item => ({ label, waits: false })
const labels = (items: readonly Item[]) => items.map(({ label }) => label).join('')

test('higher priorities come first, and equals in their order', () => {
  const backlog = new Backlog<Item>()
  for (const [label, priority] of [
    ['c', 0],
    ['a', 5],
    ['d', 0],
    ['b', 5],
    ['e', -1],
  ] as const) {
    backlog.add(item(label), priority)
  }
  assert.equal(backlog.size, 5)
  assert.equal(labels(backlog.takeAll()), 'abcde')
  assert.equal(backlog.size, 0)
  assert.equal(backlog.take(), undefined)
})

test('what is taken out of the middle is passed over', () => {
  const backlog = new Backlog<Item>()
  const items = Array.from('abcd', item)
  for (const each of items) backlog.add(each, 0)
  backlog.delete(items[1]!)
  backlog.delete(items[1]!)
  assert.equal(backlog.size, 3)
  assert.equal(labels(backlog.takeAll()), 'acd')
})

test('what comes later does not wait for ever behind a moving front', () => {
  const backlog = new Backlog<Item>()
  let taken = ''
  for (const label of 'abcdefghijklmnopqrstuvwxyz') {
    backlog.add(item(label), 0)
    if (backlog.size > 3) taken += backlog.take()?.label ?? ''
  }
  assert.equal(taken + labels(backlog.takeAll()), 'abcdefghijklmnopqrstuvwxyz')
})
