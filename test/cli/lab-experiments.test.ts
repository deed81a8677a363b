/**
 * What the experiments of `multitask lab` print. What they measure is another thing on each machine and each time; what is
 * claimed here holds however slow and busy it is.
 */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { check, type CheckError } from 'multitask/checker'
import { unlocked } from '../../dist/lab/counter.js'
import { Running } from '../fixtures/command/run.ts'

const timeout = 120_000
const WIDTH = 64
/** What each has printed, by its name. */
const printed = new Map<string, string>()

before(
  async () => {
    const { code, stdout, stderr } = await new Running(['lab', 'all', '--width', String(WIDTH)]).ended
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    for (const [, name = '', text = ''] of stdout.matchAll(/^── (\w+) ─*\n([^]*?)(?=^── |$(?![^]))/gm))
      printed.set(name, text)
  },
  { timeout },
)

/** What it has printed, with its lines of prose as one. */
function proseOf(name: string): string {
  return printed.get(name)!.replaceAll('\n', ' ')
}

/** The numbers in a text, in their order: `1,234` and `0.5` too. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(',', '')))
}

/** What stands behind the bar of a name: all bars of that name, in their order. */
function valuesBehind(name: string, experiment: string): string[] {
  const lines = printed.get(experiment)!.split('\n')
  const pattern = new RegExp(
    `^ {2}${name.replaceAll(/[().+]/g, String.raw`\$&`)} +[█▏▎▍▌▋▊▉░][█▏▎▍▌▋▊▉░ ]* {2}(\\S.*)$`,
  )
  return lines.flatMap(line => {
    const [, value] = pattern.exec(line) ?? []
    return value === undefined ? [] : [value.trim()]
  })
}

void test('each draws within the width, with a sentence before and after', () => {
  assert.equal(printed.size, 7)
  for (const [name, text] of printed) {
    for (const line of text.split('\n')) assert.ok(line.length <= WIDTH, `${name}: ${line}`)
    const parts = text.trim().split('\n\n')
    assert.match(parts[0]!, /^[A-Z][^]*\.$/, name)
    assert.match(parts.at(-1)!, /^[A-Z][^]*\d[^]*\.$/, name)
    assert.ok(parts.length >= 3, name)
  }
})

void test('interleavings draws each order of A1 A2 A3 and B1 B2 B3 once', () => {
  const lines = printed
    .get('interleavings')!
    .split('\n')
    .filter(line => /^[ \d]{4}[AB·]/.test(line))
  const drawn: string[] = []
  for (let row = 0; row < lines.length; row += 2) {
    const [a, b] = [lines[row]!, lines[row + 1]!].map(line =>
      [...line.matchAll(/(?:[AB]\d|·) {0,2}/g)].map(([cell]) => cell.trim()),
    )
    const cells = a!.map((cell, index) => (cell === '·' ? b![index]! : cell))
    for (let first = 0; first < cells.length; first += 6) drawn.push(cells.slice(first, first + 6).join(' '))
  }
  assert.deepEqual(drawn.toSorted(), mixed(['A1', 'A2', 'A3'], ['B1', 'B2', 'B3']).toSorted())
  assert.match(
    proseOf('interleavings'),
    /"every interleaving: 20 schedules", and saw 20 different orders in 20 runs: in 2 of them/,
  )
})

function mixed(a: readonly string[], b: readonly string[]): string[] {
  if (a.length === 0 || b.length === 0) return [[...a, ...b].join(' ')]
  return [
    ...mixed(a.slice(1), b).map(rest => `${a[0]} ${rest}`),
    ...mixed(a, b.slice(1)).map(rest => `${b[0]} ${rest}`),
  ]
}

void test('counter: each run says what it counted and what that lost, and the sentence sums it up', () => {
  const runs = [1, 2, 3, 4, 5].map(run => numbersIn(valuesBehind(`run ${run}`, 'counter')[0]!))
  const [, tried = 0] = numbersIn(proseOf('counter').slice(proseOf('counter').indexOf('do counter.value')))
  assert.equal(tried, 10_000_000)
  for (const [seen = -1, lost = -1] of runs) {
    assert.ok(seen > 0 && seen <= 2 * tried)
    assert.ok(Math.abs(lost - (1 - seen / (2 * tried)) * 100) <= 0.51)
  }
  const losing = runs.filter(([seen]) => seen !== 2 * tried).length
  assert.ok(proseOf('counter').includes(`${losing} of 5 runs lost something`))
  if (losing > 0) {
    const different = new Set(runs.map(([seen]) => seen)).size
    assert.ok(proseOf('counter').includes(`there were ${different} different result`))
  }
})

void test('counter: the schedule that is drawn fails again by its replay, also here', async () => {
  const text = printed.get('counter')!
  const replay = /replay: '(\w+)'\n/.exec(text)?.[1]
  const error: CheckError = await check(unlocked, { replay }).then(
    () => assert.fail('it passes'),
    (thrown: CheckError) => thrown,
  )
  const drawn = error.message.split('\n').slice(1, -1)
  for (const line of drawn) assert.ok(text.includes(`  ${line}\n`), line)
  assert.match(proseOf('counter'), /it ran once more just now, and it fails in the same way again/)
})

void test('lock: with a lock, and with an atomic operation, nothing is lost', () => {
  for (const way of ['with the lock, 1 thread', 'with the lock, 2 threads', 'counter.add(1), 2 threads']) {
    assert.match(valuesBehind(way, 'lock')[0]!, /^[\d,]+ ns, lost +0 %$/)
  }
  assert.match(
    proseOf('lock'),
    /with it 0\. An addition took .* "every interleaving: 2 schedules", all of them pass, and the counter is 2 in the end/,
  )
})

for (const experiment of ['cpu', 'io']) {
  void test(`${experiment}: the times in the sentence are those of the bars`, () => {
    const places = ['1 thread', '2 threads', '2 threads, GIL', '2 processes']
    const [one, ...others] = places.map(place => numbersIn(valuesBehind(place, experiment)[0]!)[0]!)
    const sentence = proseOf(experiment).slice(proseOf(experiment).lastIndexOf('Two threads'))
    const said = [...sentence.matchAll(/([\d.]+) times(?! a thread)/g)].map(([, factor]) => Number(factor))
    const [two, gil, processes] = others.map(wall => wall / one!)
    const drawn = experiment === 'cpu' ? [two!, processes!, gil!] : [two!, gil!, processes!]
    assert.equal(said.length, 3)
    for (const [index, factor] of said.entries()) {
      // Both are rounded.
      assert.ok(Math.abs(factor / drawn[index]! - 1) < 0.06, `${factor} and ${drawn[index]}`)
    }
    for (const place of places) assert.equal(valuesBehind(place, experiment).length, 2)
  })
}

void test('cpu: under the GIL one thread holds it at a time', () => {
  const [, zoomed = ''] = /who holds the GIL, in the first [\d.]+ ms\n([^]*?)\n\n/.exec(printed.get('cpu')!) ?? []
  const [a = '', b = ''] = zoomed.split('\n').map(line => line.slice(5))
  assert.match(a + b, /^[▁▂▃▄▅▆▇█░ ]+$/)
  for (const [column, cell] of a.split('').entries())
    assert.ok(cell !== '█' || (b[column] ?? ' ') !== '█', `${a}\n${b}`)
  assert.match(proseOf('cpu'), /\d+ times? a thread had to let go of it after 5 ms or more/)
})

void test('tasks: never do two tasks of one event loop run at the same time', () => {
  assert.match(proseOf('tasks'), /in 18 turns, of which 0 overlapped/)
  const [until = 0, busy = 0] = numbersIn(proseOf('tasks').slice(proseOf('tasks').indexOf('In ')))
  // What they calculate by the clock is 230 ms at least.
  assert.ok(busy >= 229 && busy <= until)
})

void test('blocking: timers come late by what is left of the calculation that holds the loop', () => {
  for (const name of ['ann', 'bob', 'cat']) {
    // A timer of 20 ms, and 150 ms in which nobody gets the loop.
    assert.ok(numbersIn(valuesBehind(`${name}, dan on the loop`, 'blocking')[0]!)[0]! >= 129)
    assert.equal(valuesBehind(`${name}, dan on a thread`, 'blocking').length, 1)
  }
})
