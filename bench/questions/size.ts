/**
 * How much would a browser load, and how much does npm?
 *
 * The core is what a page and its worker load to run `new ThreadPoolExecutor().submit(fn, …)` with a function that is
 * marked with `task()`, as a bundler makes it: only what that program can reach, and of that what is not imported on
 * demand. Functions without a mark are nothing for a page, and with them the parser stays away (see docs/design.md).
 * The platform's part is another one in a browser, so it is left out. Code that both sides need is loaded once.
 */
import { type Chart, type Row, values } from '../chart.ts'
import type { Figures, Question, Results } from '../question.ts'
import { bundle, MAIN, SUBMITS, SUBMITS_AND_WORKER, WORKER } from '../../scripts/bundle.ts'
import { packedSize } from '../../scripts/packed-size.ts'

async function measure(): Promise<Figures> {
  const core = await bundle(SUBMITS_AND_WORKER)
  const figures: Record<string, number> = {
    core: core.gzipped / 1000,
    'core minified': core.minified / 1000,
    page: await gzipped([SUBMITS]),
    worker: await gzipped([WORKER]),
    'with platform': await gzipped(SUBMITS_AND_WORKER, { platform: true }),
    everything: await gzipped([MAIN, WORKER]),
    package: packedSize() / 1000,
  }
  for (const [part, bytes] of core.parts) figures[`part ${part}`] = bytes / 1000
  return figures
}

async function gzipped(...bundled: Parameters<typeof bundle>): Promise<number> {
  return (await bundle(...bundled)).gzipped / 1000
}

function charts(results: Results): Chart[] {
  const { figures, failure } = results.get('multitask')!
  const row = (label: string, figure: string): Row => ({ label, samples: values(figures, figure), failure })
  const parts = Object.keys(figures[0] ?? {}).filter(name => name.startsWith('part '))
  const biggestFirst = parts.toSorted((a, b) => figures[0]![b]! - figures[0]![a]!)
  return [
    {
      title: 'The core, minified and gzipped, without the platform',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [{ row: 'page and worker together', atMost: 15 }],
      rows: [
        row('page and worker together', 'core'),
        row('page alone', 'page'),
        row('worker alone', 'worker'),
        row('together, with the platform for Node', 'with platform'),
        row('all that the package has, and the worker', 'everything'),
      ],
    },
    {
      title: 'The core by chunk, minified, not gzipped',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [],
      rows: [row('all', 'core minified'), ...biggestFirst.map(name => row(name.slice('part '.length), name))],
    },
    {
      title: 'What npm downloads',
      unit: 'kB',
      better: 'less',
      references: [],
      goals: [{ row: 'npm pack', atMost: 250 }],
      rows: [row('npm pack', 'package')],
    },
  ]
}

export const question: Question = { contestants: ['multitask'], mostRounds: 1, measure, charts }
