/** How experiments draw: lanes over time, and bars. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawBars } from '../../dist/lab/bars.js'
import { drawLanes, type Span } from '../../dist/lab/lanes.js'
import { ms, percent } from '../../dist/lab/numbers.js'
import type { Stage } from '../../dist/lab/stage.js'

/** 40 columns are left beside a name of one letter and the margins. */
const stage: Stage = {
  width: 46,
  paint: (_colour, text) => text,
  say: () => assert.fail('it draws'),
  draw: () => assert.fail('it returns its lines'),
  note: () => assert.fail('it draws'),
}
const coloured: Stage = { ...stage, paint: (colour, text) => `<${colour}>${text}</>` }

/** The cells of one lane of 40 ms, a column for each. */
function cells(spans: readonly Span[]): string {
  return drawLanes(stage, [{ name: 'A', colour: 'blue', spans }], 40)[0]!.slice(5)
}

void test('a cell is as high as the part of its time in which somebody ran', () => {
  const spans = [0.125, 0.25, 0.5, 0.75, 1].map((share, column): Span => ({
    from: column,
    to: column + share,
    state: 'runs',
  }))
  assert.equal(cells(spans), '▁▂▄▆█')
})

void test('what takes turns within a cell adds up there', () => {
  const turns = [0, 0.25, 0.5, 0.75].map((from): Span => ({ from, to: from + 0.125, state: 'runs' }))
  assert.equal(cells(turns), '▄')
})

void test('who waits, and who is ready, is drawn where that is most of a cell; who has ended leaves it empty', () => {
  const spans: Span[] = [
    { from: 0, to: 2, state: 'waits' },
    { from: 2, to: 4.4, state: 'ready' },
    { from: 4.4, to: 6, state: 'runs' },
    { from: 38, to: 39, state: 'waits' },
  ]
  assert.equal(cells(spans), `··░░▅█${' '.repeat(32)}·`)
})

void test('a lane is painted in its colour where it runs, in others where it does not', () => {
  const spans: Span[] = [
    { from: 0, to: 1, state: 'runs' },
    { from: 1, to: 2, state: 'ready' },
    { from: 2, to: 3, state: 'waits' },
  ]
  const [lane] = drawLanes(coloured, [{ name: 'A', colour: 'green', spans }], 40)
  assert.equal(lane!.trimEnd(), '  A  <green>█</><red>░</><gray>·</>')
})

void test('the scale has round times where they belong, with their unit', () => {
  const [, line, times] = drawLanes(stage, [{ name: 'A', colour: 'blue', spans: [] }], 80)
  assert.equal(line, `     └─────────┴─────────┴─────────┴─────────`)
  assert.equal(times, '     0 ms      20        40        60')
})

void test('lanes that stand alike have columns for the longest name of all', () => {
  const [lane, line] = drawLanes(
    stage,
    [{ name: 'A', colour: 'blue', spans: [{ from: 0, to: 1, state: 'runs' }] }],
    1,
    6,
  )
  assert.equal(lane!.indexOf('█'), 10)
  assert.equal(line!.indexOf('└'), 10)
  assert.equal(lane!.length, stage.width - 1)
})

void test('bars are as long as their values, in eighths of a column; the longest fills the width', () => {
  const bars = [16, 8, 0.75, 0].map((value, index) => ({
    name: `bar ${index}`,
    parts: [{ value, colour: 'green' as const }],
    text: `${value}`.padStart(4),
  }))
  const lines = drawBars({ ...stage, width: 31 }, bars)
  assert.deepEqual(lines, [
    `  bar 0  ${'█'.repeat(16)}    16`,
    `  bar 1  ${'█'.repeat(8)}${' '.repeat(8)}     8`,
    `  bar 2  ▊${' '.repeat(15)}  0.75`,
    `  bar 3  ${' '.repeat(16)}     0`,
  ])
})

function bar(counted: number, lost: number): string {
  const parts = [
    { value: counted, colour: 'green' as const },
    { value: lost, colour: 'red' as const, glyph: '░' as const },
  ]
  return drawBars({ ...stage, width: 31 }, [{ name: 'bar 0', parts, text: 'text' }])[0]!
}

void test('what is missing from a bar fills it up, and what is little is still drawn', () => {
  assert.equal(bar(12, 4), `  bar 0  ${'█'.repeat(12)}${'░'.repeat(4)}  text`)
  // Within a cell the bar ends where it ends, and the line is no longer for that.
  assert.equal(bar(11.5, 4.5), `  bar 0  ${'█'.repeat(11)}▌${'░'.repeat(4)}  text`)
  assert.equal(bar(0.001, 15.999), `  bar 0  ▏${'░'.repeat(15)}  text`)
})

void test('a bar of the value that fills the width is a whole one only if no other is longer', () => {
  const half = { name: 'bar 0', parts: [{ value: 0.5, colour: 'green' as const }], text: '0.50' }
  assert.equal(drawBars({ ...stage, width: 31 }, [half], 1)[0], `  bar 0  ${'█'.repeat(8)}${' '.repeat(8)}  0.50`)
  assert.equal(drawBars({ ...stage, width: 31 }, [half])[0], `  bar 0  ${'█'.repeat(16)}  0.50`)
})

void test('numbers are rounded to what can be read, and a small share is not none', () => {
  assert.deepEqual([0, 0.04, 9.94, 9.96, 1234.5].map(ms), ['0.0 ms', '0.0 ms', '9.9 ms', '10 ms', '1,235 ms'])
  assert.deepEqual([0, 0.00001, 0.004, 0.31, 1].map(percent), ['0 %', '<0.1 %', '0.4 %', '31 %', '100 %'])
})
