/**
 * Keeps the program alive while something in it waits for another thread.
 *
 * A pending waitAsync keeps no runtime alive (nodejs/node#61941): a program that waits for nothing else would end,
 * silently, in the middle of it. One timer, shared by all who wait, holds it.
 */
const LONGEST_DELAY = 0x7fffffff
let waiting = 0
let holding: ReturnType<typeof setInterval> | undefined

export function holdAlive(): void {
  if (++waiting === 1) holding = setInterval(() => {}, LONGEST_DELAY)
}

export function letGo(): void {
  if (--waiting === 0) clearInterval(holding)
}
