/**
 * How long is waited for what tasks await and the checker does not know: an answer from outside, which comes by itself, or
 * something that another task gives, which comes only when that one goes on.
 *
 * Nobody can tell the two apart but by waiting. So everything that is awaited is given a moment before anybody is chosen,
 * that the same schedule finds the same tasks ready each time. What has not come by then is taken for something that
 * another task gives, and at this place no time is lost on it again.
 */
import { nextTurn } from '../platform/turns.ts'
import type { AsyncTask } from './async-task.ts'

/** For so long, in ms and in turns of the event loop, an answer from outside may take while others could go on. */
const MOMENT = 100
const TURNS = 20
/** For so long, in ms, something is awaited that nobody gives. */
export const PATIENCE = 1000

type Kind =
  /** Another task gives it. */
  | 'given'
  /** It comes from outside, late. */
  | 'slow'
  /** It did not come when nobody else could go on. */
  | 'never'

export class Patience {
  /** By what stands for the place in a report. */
  readonly #kinds = new Map<string, Kind>()

  /** Waits as long as it is worth it for tasks that only await what is unknown. */
  async wait(tasks: readonly AsyncTask[]): Promise<void> {
    const begin = performance.now()
    const first = tasks.filter(isStuck).map(task => ({ task, texts: textsOf(task) }))
    if (first.length === 0) return
    let wereAllStuck = false
    for (let turns = 0; ; turns++) {
      const othersGoOn = tasks.some(task => task.isReady || task.firstTimer !== undefined)
      wereAllStuck ||= !othersGoOn
      const left = tasks.filter(isStuck).flatMap(textsOf)
      const time = performance.now() - begin
      const isWorthIt = left.some(text => {
        const limit = this.#limit(text, othersGoOn)
        return limit > 0 && (limit > time || turns < TURNS)
      })
      if (!isWorthIt) {
        for (const text of left) if (!othersGoOn) this.#kinds.set(text, 'never')
        for (const text of left) if (!this.#kinds.has(text)) this.#kinds.set(text, 'given')
        break
      }
      await turn()
    }
    if (!wereAllStuck) return
    // Nobody has gone on who could have given it.
    for (const { task, texts } of first) {
      if (!isStuck(task)) for (const text of texts) if (this.#kinds.has(text)) this.#kinds.set(text, 'slow')
    }
  }

  #limit(text: string, othersGoOn: boolean): number {
    const kind = this.#kinds.get(text)
    if (kind === 'never') return 0
    if (kind === 'slow' || !othersGoOn) return PATIENCE
    return kind === 'given' ? 0 : MOMENT
  }
}

/** Whether nothing in it can go on but by what it awaits. */
function isStuck(task: AsyncTask): boolean {
  return !task.isDone && !task.isReady && task.waitings.size > 0 && task.operations.size === 0 && task.timers.size === 0
}

function textsOf({ waitings }: AsyncTask): string[] {
  return [...waitings].map(({ text }) => text)
}

/** Lets everything happen that can happen without time going on. */
export function turn(): Promise<void> {
  return new Promise(resolve => nextTurn(resolve))
}
