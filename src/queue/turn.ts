/**
 * Turns of the event loop for those who never have to wait.
 *
 * A promise that is resolved already is awaited without a turn of the loop. Another thread can put items as fast as a task
 * takes them, for ever; timers, signals and sockets of the taking thread would then never be served. So after some
 * milliseconds of that, answers come with the next turn: all of them, and all at once, so that nobody gets ahead.
 */
import { nextTurn } from '../platform/turns.ts'

/** In ms. */
const LONGEST = 4
/** Answers between two looks at the clock, which costs as much as half an answer. */
const ANSWERS = 64

let answers = 0
let since = 0
/** The loop will say when it turns. */
let watched = false
/** Resolves with the turn for which all answers wait. */
let turn: Promise<void> | undefined

/** Whether the loop has to turn before the next answer. To be asked for each. */
export function turnIsDue(): boolean {
  return turn !== undefined || (++answers % ANSWERS === 0 && look())
}

/** The value, in the next turn. */
export async function inNextTurn<T>(value: T | Promise<T>): Promise<T> {
  await turn
  return value
}

function look(): boolean {
  const time = performance.now()
  if (!watched) {
    watched = true
    since = time
    nextTurn(() => {
      watched = false
    })
  } else if (time - since > LONGEST) {
    turn = new Promise(resolve =>
      nextTurn(() => {
        turn = undefined
        watched = false
        resolve()
      }),
    )
  }
  return turn !== undefined
}
