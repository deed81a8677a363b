/** Schedules as text: `B3A7B2` is three steps of the second thread, seven of the first, two of the second. */

const FIRST = 'A'.charCodeAt(0)

/** The most threads there can be: each is a letter. */
export const MOST_THREADS = 26

/** `threads`: whose step each was, by number from 0. */
export function encodeSchedule(threads: readonly number[]): string {
  let text = ''
  for (let begin = 0; begin < threads.length;) {
    const thread = threads[begin]!
    let end = begin + 1
    while (threads[end] === thread) end++
    text += String.fromCharCode(FIRST + thread) + String(end - begin)
    begin = end
  }
  return text
}

/** Throws TypeError if it is no schedule. */
export function decodeSchedule(text: string): number[] {
  if (!/^(?:[A-Z][1-9]\d{0,5})*$/.test(text)) {
    throw new TypeError(`replay must be a schedule such as 'B3A7B2', not ${JSON.stringify(text)}`)
  }
  return [...text.matchAll(/([A-Z])(\d+)/g)].flatMap(([, letter, count]) =>
    Array<number>(Number(count)).fill(letter!.charCodeAt(0) - FIRST),
  )
}

/** How often the processor goes from one thread to another. */
export function switchesOf(threads: readonly number[]): number {
  return threads.filter((thread, step) => step > 0 && thread !== threads[step - 1]).length
}
