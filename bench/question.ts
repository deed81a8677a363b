/** A question: who is asked, what is measured, how the answers are compared. */
import type { Chart } from './chart.ts'

/** What one process measured, by name. */
export type Figures = Readonly<Record<string, number>>

export interface Answers {
  /** One entry a round. */
  readonly figures: readonly Figures[]
  /** Why there is no entry of some round. */
  readonly failure: string | undefined
}

/** The answers of each contestant, in the order of the question. */
export type Results = ReadonlyMap<string, Answers>

export interface Question {
  readonly contestants: readonly string[]
  /** Each has a process of its own, and its figures join those of the others. Default: one, without a name. */
  readonly conditions?: readonly string[]
  /** More rounds than these would tell nothing more. */
  readonly mostRounds?: number
  /** Runs in a process that does nothing else. */
  measure(contestant: string, condition: string): Promise<Figures>
  charts(results: Results): Chart[]
}

export const questions = {
  throughput: () => import('./questions/throughput.ts'),
  map: () => import('./questions/map.ts'),
  latency: () => import('./questions/latency.ts'),
  'speed-up': () => import('./questions/speed-up.ts'),
  'large-values': () => import('./questions/large-values.ts'),
  queue: () => import('./questions/queue.ts'),
  'shared-queue': () => import('./questions/shared-queue.ts'),
  pipe: () => import('./questions/pipe.ts'),
  processes: () => import('./questions/processes.ts'),
  between: () => import('./questions/between.ts'),
  lock: () => import('./questions/lock.ts'),
  contention: () => import('./questions/contention.ts'),
  'bounded-map': () => import('./questions/bounded-map.ts'),
  hook: () => import('./questions/hook.ts'),
  gather: () => import('./questions/gather.ts'),
  'task-group': () => import('./questions/task-group.ts'),
  'task-memory': () => import('./questions/task-memory.ts'),
  checker: () => import('./questions/checker.ts'),
  gil: () => import('./questions/gil.ts'),
  idle: () => import('./questions/idle.ts'),
  memory: () => import('./questions/memory.ts'),
  startup: () => import('./questions/startup.ts'),
  'process-startup': () => import('./questions/process-startup.ts'),
  size: () => import('./questions/size.ts'),
} satisfies Record<string, () => Promise<{ question: Question }>>

export type QuestionName = keyof typeof questions
