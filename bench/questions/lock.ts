/** What does a lock cost that nobody else wants, for a thread and for a task? */
import { type Chart, compare } from '../chart.ts'
import { type Locking, locks, PYTHON } from '../locks/locking.ts'
import { askPython } from '../locks/python.ts'
import type { Figures, Question, Results } from '../question.ts'
import { batches } from '../timing.ts'
import { median } from '../statistics.ts'

/** Times a batch; batches are repeated for so many ms, after a warm-up that does not count. */
const TIMES = 20_000
const WARM_UP = 300
const DURATION = 500

const OURS = 'multitask'
const FUTEX = 'bare futex'

async function measure(contestant: string): Promise<Figures> {
  if (contestant === PYTHON) return askPython('free', TIMES, WARM_UP, DURATION)
  const { locking }: { locking: Locking } = await locks[contestant as keyof typeof locks]()
  const figures: Record<string, number> = {}
  if (locking.block !== undefined) figures['block'] = await cost(locking.block)
  if (locking.wait !== undefined) figures['wait'] = await cost(locking.wait)
  // No task can wait for it. What it takes is what waiting is compared with.
  else figures['wait'] = figures['block']!
  return figures
}

/** Nanoseconds, the median of the batches. */
async function cost(work: (times: number) => unknown): Promise<number> {
  await batches(() => work(TIMES), WARM_UP)
  return (median(await batches(() => work(TIMES), DURATION)) / TIMES) * 1e6
}

function charts(results: Results): Chart[] {
  const comparison = { unit: 'ns', better: 'less', references: [FUTEX, PYTHON] } as const
  return [
    compare(new Map([...results].filter(([name]) => [OURS, FUTEX, PYTHON].includes(name))), 'block', {
      ...comparison,
      title: 'A free lock: a thread takes it and gives it back',
      goals: [{ row: OURS, atMost: 1.5, of: FUTEX }],
    }),
    compare(results, 'wait', {
      ...comparison,
      title: 'A free lock: a task awaits it and gives it back (the futex is taken by a thread here too)',
      goals: [{ row: OURS, atMost: 5, of: FUTEX }],
    }),
  ]
}

export const question: Question = { contestants: [...Object.keys(locks), PYTHON], measure, charts }
