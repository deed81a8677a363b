import type { Gil } from 'multitask/gil'

/** Calculates under the GIL until threads have changed over a few times. It calls no `checkpoint`. */
export function longSum(gil: Gil): number {
  return gil.run(() => {
    let sum = 0
    while (gil.statistics().forced < 4) {
      for (let i = 0; i < 1000; i++) sum = (sum + i) % 1000
    }
    return sum
  })
}
