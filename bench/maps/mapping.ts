/** What is asked of everybody who calls a function for many inputs, a hundred at once, in the same words. */

export const AT_ONCE = 100

export type Call = (value: number) => Promise<number>

export interface Mapping {
  /** All results, in the order of the inputs. */
  readonly all: (values: readonly number[], call: Call) => Promise<readonly unknown[]>
  /** Reads the results one by one as they come, and none too many; undefined where users have to write that themselves. */
  readonly each: ((values: readonly number[], call: Call) => Promise<void>) | undefined
}

export const mappings = {
  multitask: () => import('./multitask.ts'),
  lanes: () => import('./lanes.ts'),
  'p-map': () => import('./p-map.ts'),
  'p-limit': () => import('./p-limit.ts'),
  'p-queue': () => import('./p-queue.ts'),
  effect: () => import('./effect.ts'),
} satisfies Record<string, () => Promise<{ mapping: Mapping }>>
