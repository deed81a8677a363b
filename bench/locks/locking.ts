/** What is asked of every lock that nobody else wants, in the same words. */

export interface Locking {
  /** A thread takes it and gives it back, so often; undefined where a thread cannot block for it. */
  readonly block: ((times: number) => void) | undefined
  /** A task does, and the next only when it has it; undefined where a task cannot wait for it. */
  readonly wait: ((times: number) => Promise<void>) | undefined
}

export const locks = {
  multitask: () => import('./multitask.ts'),
  'bare futex': () => import('./bare-futex.ts'),
  'async-mutex': () => import('./async-mutex.ts'),
  'p-limit': () => import('./p-limit.ts'),
  effect: () => import('./effect.ts'),
} satisfies Record<string, () => Promise<{ locking: Locking }>>

/** The one that runs elsewhere: threading.Lock and asyncio.Lock. It needs `python3`. */
export const PYTHON = 'python'
