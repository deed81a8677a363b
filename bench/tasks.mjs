// What the contestants run in their workers. Plain JavaScript, so that no worker has types to strip when it starts, and
// each function by itself, so that it can also be sent as text.

export function noop() {}

export function echo(value) {
  return value
}

export function double(number) {
  return number * 2
}

export function doubleAll(numbers) {
  return numbers.map(number => number * 2)
}

/** Keeps a core busy by counting, not by the clock: a thread that has to wait for its core still has all its work. */
export function spin(turns) {
  let state = turns
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1664525) + 1013904223) | 0
  return state
}

export function spinAll(items) {
  return items.map(turns => {
    let state = turns
    for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state
  })
}

/** Declared `async` because poolifier only awaits functions that are. */
export async function pause(milliseconds) {
  await new Promise(resolve => setTimeout(resolve, milliseconds))
}
