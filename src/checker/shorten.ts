/**
 * Makes a schedule that fails easier to read: as few switches as can be found.
 *
 * A schedule is a row of turns. Two turns of one thread become one if the turn between them is moved before or behind
 * both; if the program still fails in the same way, that is the schedule to show. (Greedy, as Zeller's delta debugging.)
 */
import { encodeSchedule, switchesOf } from './schedule.ts'

/** `fails`: runs a schedule and returns the one that came of it if it fails as the first did. */
export async function withFewerSwitches(
  schedule: readonly number[],
  fails: (schedule: readonly number[]) => Promise<readonly number[] | undefined>,
  mostTries: number,
): Promise<readonly number[]> {
  let best = schedule
  let tries = 0
  const tried = new Set<string>()
  for (let improved = true; improved;) {
    improved = false
    for (const candidate of candidatesOf(best)) {
      const text = encodeSchedule(candidate)
      if (tried.has(text)) continue
      if (tries++ >= mostTries) return best
      tried.add(text)
      const found = await fails(candidate)
      if (found === undefined || switchesOf(found) >= switchesOf(best)) continue
      best = found
      improved = true
      break
    }
  }
  return best
}

function* candidatesOf(schedule: readonly number[]): Generator<readonly number[]> {
  const turns = turnsOf(schedule)
  for (let at = 0; at + 1 < turns.length; at++) {
    const swapped = [...turns.slice(0, at), turns[at + 1]!, turns[at]!, ...turns.slice(at + 2)]
    const candidate = swapped.flat()
    if (switchesOf(candidate) < switchesOf(schedule)) yield candidate
  }
}

function turnsOf(schedule: readonly number[]): number[][] {
  const turns: number[][] = []
  schedule.forEach((thread, step) => {
    if (step > 0 && schedule[step - 1] === thread) turns.at(-1)!.push(thread)
    else turns.push([thread])
  })
  return turns
}
