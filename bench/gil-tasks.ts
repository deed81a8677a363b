/** What the threads of the question `gil` do. */
import { Event } from '../dist/index.js'
import type { Gil } from '../dist/gil/index.js'

export function calculate(gil: Gil | undefined, rounds: number): number {
  return gil === undefined ? sum(rounds, undefined) : gil.run(() => sum(rounds, gil))
}

function sum(rounds: number, gil: Gil | undefined): number {
  let total = 0
  for (let i = 0; i < rounds; i++) {
    total += Math.sqrt(i)
    gil?.checkpoint()
  }
  return total
}

/** Waits 20 ms so many times. */
export function rest(gil: Gil | undefined, times: number): void {
  const never = new Event()
  const wait = (): void => {
    for (let i = 0; i < times; i++) never.waitSync({ timeout: 20 })
  }
  if (gil === undefined) wait()
  else gil.run(wait)
}
