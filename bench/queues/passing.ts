/** What every queue of one thread can do, so that a question is asked of all in the same words. */

/** Who passes items to whom. */
export interface Company {
  /** So many tasks put, and as many take. */
  readonly tasks: number
  readonly room: number
  /**
   * Who starts first, all of them before any of the others. Started in pairs, promises would take turns so evenly that
   * nobody ever waited, and what waiting costs would not be measured.
   */
  readonly first: 'put' | 'take'
}

/** Each queue does it the way it is written for, in its own kind of tasks. */
export interface Passing {
  /** One task puts an item and takes it, again and again: nobody has to wait. */
  alternate(items: number): Promise<void>
  pass(items: number, company: Company): Promise<void>
}

export const queues = {
  multitask: () => import('./multitask.ts'),
  effect: () => import('./effect.ts'),
  'web streams': () => import('./web-streams.ts'),
} satisfies Record<string, () => Promise<{ queue: Passing }>>

/** All tasks, in the order in which they start. */
export function line<T>({ tasks, first }: Company, put: () => T, take: () => T): T[] {
  const [before, after] = first === 'put' ? [put, take] : [take, put]
  return [before, after].flatMap(start => Array.from({ length: tasks }, start))
}
