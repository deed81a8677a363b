/**
 * What does it cost that every access to shared memory asks first whether somebody watches, when nobody does?
 *
 * Our lock is measured beside a copy of the package in which that question is left out of what memory/atomics became.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Lock } from '../../dist/index.js'
import { type Chart, values } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { batches } from '../timing.ts'

const TIMES = 20_000
const WARM_UP = 300
/** Ms of each of the two, in turns: what slows the machine down slows both. */
const TURN = 50
const TURNS = 20

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Each question, with what is done if somebody watches. */
const HOOK = /if \(hook !== void 0\)\s*(?:return )?hook\.[^;]*;(?:\s*else\b)?/g

interface Package {
  readonly Lock: typeof Lock
}

async function measure(): Promise<Figures> {
  const asked = locking(await import('../../dist/index.js'))
  const direct = locking((await import(pathToFileURL(join(withoutHook(), 'index.js')).href)) as Package)
  await batches(asked, WARM_UP)
  await batches(direct, WARM_UP)
  const took = { asked: [] as number[], direct: [] as number[] }
  for (let turn = 0; turn < TURNS; turn++) {
    took.asked.push(...(await batches(asked, TURN)))
    took.direct.push(...(await batches(direct, TURN)))
  }
  const figures = { asked: cost(took.asked), direct: cost(took.direct) }
  return { ...figures, percent: (figures.asked / figures.direct - 1) * 100 }
}

/** Nanoseconds, the median of the batches. */
function cost(samples: readonly number[]): number {
  return (median(samples) / TIMES) * 1e6
}

/** The folder of the copy. */
function withoutHook(): string {
  const copy = join(root, '.runtimes', 'unhooked')
  // What another build left there.
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(root, 'dist'), copy, { recursive: true })
  const atomics = join(copy, 'chunks', 'base.js')
  const text = readFileSync(atomics, 'utf8')
  const bare = text.replaceAll(HOOK, '')
  if (bare === text) throw new Error(`there is no hook in ${atomics}`)
  writeFileSync(atomics, bare)
  return copy
}

function locking({ Lock: Class }: Package): () => void {
  const lock = new Class()
  return () => {
    for (let i = 0; i < TIMES; i++) {
      lock.acquireSync()
      lock.release()
    }
  }
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string, figure: string) => ({ label, samples: values(figures, figure), failure })
  return [
    {
      title: 'A free lock, with and without the hook of the scheduler',
      unit: 'ns',
      better: 'less',
      references: ['without the hook'],
      goals: [],
      rows: [row('as it is', 'asked'), row('without the hook', 'direct')],
    },
    {
      title: 'What the hook adds',
      unit: '%',
      better: 'less',
      references: [],
      goals: [{ row: 'the hook', atMost: 5 }],
      rows: [row('the hook', 'percent')],
    },
  ]
}

export const question: Question = { contestants: ['multitask'], measure, charts }
