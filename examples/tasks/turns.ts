import type { SharedValue } from 'multitask'
import type { Gil } from 'multitask/gil'

/** Calculates until the threads have changed over a few times. Returns whether another was ever inside at the same time. */
export function takeTurns(gil: Gil, inside: SharedValue<'i32'>): boolean {
  return gil.run(() => {
    let together = false
    while (gil.statistics().forced < 4) {
      together ||= inside.exchange(1) === 1
      for (let i = 0; i < 1000; i++) Math.sqrt(i)
      inside.store(0)
      for (let i = 0; i < 100; i++) gil.checkpoint()
    }
    return together
  })
}
