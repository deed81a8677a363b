/** Tasks that await plain promises, in code that was transformed as it was loaded. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lock } from 'multitask'
import { type BuiltTest, check, type CheckError, type CheckOptions, type CheckTest } from 'multitask/checker'
import { register } from 'multitask/transform'
import { failureOf } from '../fixtures/failure-of.ts'

register({ include: 'test/fixtures/awaits/*.ts' })
const programs = await import('../fixtures/awaits/programs.ts')
const { audits, bank } = programs

const LIMIT = 60_000

const messageOf = async (program: CheckTest, options?: CheckOptions): Promise<string> =>
  check(program, options).then(
    ({ coverage }) => coverage,
    (error: CheckError) => error.message,
  )

for (const [name, awaits] of [
  ['slow', 'io'],
  ['outside', 'io'],
  ['atOnce', 'all'],
] as const) {
  void test(`what is read before an await is old after it: ${name}, ${awaits}`, { timeout: LIMIT }, async () => {
    const message = await messageOf(() => bank(audits[name]), { awaits })
    assert.match(message, /^check: the balance is 90\n/)
    assert.match(message, /ann +bob\n/)
    assert.match(message, /\(programs\.ts:\d+\)|sleep/)
    const [, replay] = /replay: '(\w+)'/.exec(message)!
    assert.match(await messageOf(() => bank(audits[name]), { awaits, replay }), /^check: the balance is 90\n/)
    assert.match(await messageOf(() => bank(audits[name], new Lock()), { awaits }), /^every interleaving: /)
  })
}

void test('an await is drawn with its place in the file as it was written', { timeout: LIMIT }, async () => {
  assert.equal(
    await messageOf(() => bank(audits.outside)),
    [
      'check: the balance is 90',
      '  #  ann                             bob',
      '  1  begins',
      '  2  ·                               begins',
      '  3                                  await audit() (programs.ts:18)',
      '  4  await audit() (programs.ts:18)  ·',
      '  ✗  check: the balance is 90',
      "     schedule 4, 2 switches, replay: 'A1B2A1'",
    ].join('\n'),
  )
})

void test('what settles at once is a point only among all', { timeout: LIMIT }, async () => {
  assert.equal(await messageOf(() => bank(audits.atOnce)), 'every interleaving: 2 schedules')
  assert.equal(
    await messageOf(() => bank(audits.atOnce, new Lock()), { awaits: 'all' }),
    'every interleaving: 14 schedules',
  )
})

void test('a lock of promises is checked as one of ours', { timeout: LIMIT }, async () => {
  assert.equal(await messageOf(() => programs.ownLock(false)), 'every interleaving: 4 schedules')
  assert.equal(await messageOf(() => programs.ownLock(false), { awaits: 'all' }), 'every interleaving: 8 schedules')
  const { schedule } = await failureOf(() => programs.ownLock(true))
  assert.deepEqual([schedule.reason, schedule.replay], ['deadlock: bob waits at await before (programs.ts:38)', 'A2B1'])
})

void test('each turn of a for await is a point', { timeout: LIMIT }, async () => {
  const { coverage, outcomes } = await check(() => programs.items())
  assert.deepEqual([coverage, outcomes], ['every interleaving: 6 schedules', ['1,2']])
})

void test('so is the end of an await using', { timeout: LIMIT }, async () => {
  const { coverage, outcomes } = await check(() => programs.closing())
  assert.deepEqual([coverage, outcomes], ['every interleaving: 6 schedules', [1, 2]])
})

void test('what one thread does at once goes on in turn', { timeout: LIMIT }, async () => {
  const { coverage, outcomes } = await check(() => programs.beside())
  assert.equal(coverage, 'every interleaving: 20 schedules')
  assert.deepEqual(outcomes, ['abcd', 'acbd', 'acdb', 'cabd', 'cadb', 'cdab'])
})

void test('so do the children of a group', { timeout: LIMIT }, async () => {
  const { coverage, outcomes } = await check(() => programs.children())
  assert.deepEqual([coverage, outcomes], ['every interleaving: 10 schedules', ['open,a,b', 'open,b,a']])
})

void test('who awaits what another thread gives waits for it', { timeout: LIMIT }, async () => {
  const began = performance.now()
  assert.equal(await messageOf(() => programs.question()), 'every interleaving: 2 schedules')
  assert.ok(performance.now() - began < 5000)
})

void test('an error that is awaited is seen where it is', { timeout: LIMIT }, async () => {
  const { schedule } = await failureOf(() => programs.failing())
  assert.match(schedule.steps.at(-1)!.text, /^await sleep\(1\) \(programs\.ts:\d+\) … time is up$/)
  assert.deepEqual([schedule.reason, schedule.replay], ['ann: no', 'A2'])
})

void test('who catches everything does not hang the checker', { timeout: LIMIT }, async () => {
  const { schedule } = await failureOf(() => programs.deaf())
  assert.equal(schedule.reason, 'other: enough')
})

const plain = (): BuiltTest => ({ threads: [async () => Promise.resolve()] })

void test('awaits without any that was transformed are told', { timeout: LIMIT }, async () => {
  await assert.rejects(
    check(plain, { awaits: 'all' }),
    /^TypeError: awaits: no await was met in code that was transformed/,
  )
  await assert.rejects(
    check(() => ({ threads: [() => {}] }), { awaits: 'io' }),
    /^TypeError: awaits is for threads that are/,
  )
  await assert.rejects(check(plain, { awaits: 'some' as never }), /awaits must be "io" or "all", not "some"/)
  assert.ok((await check(plain)).complete)
})
