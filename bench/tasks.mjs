// What the contestants run in their workers. Plain JavaScript, so that no worker has types to strip when it starts.

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

/**
 * Keeps a core busy by counting, not by the clock: a thread that has to wait for its core still has all its work.
 *
 * It is longer than a loop has to be. V8 compiles a function of up to 460 bytes of bytecode into the loop that calls it, and since
 * Node 24 may leave it half optimized there, at a seventh of its speed: in whichever worker it happens to befall.
 */
export function spin(turns) {
  let state = turns
  for (let turn = 0; turn < turns; turn++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    switch (state >>> 28) {
      case 0:
        state = Math.imul(state ^ (state << 13), 73244475)
        break
      case 1:
        state = Math.imul(state ^ (state >>> 17), 2654435769)
        break
      case 2:
        state = Math.imul(state ^ (state << 5), 668265263)
        break
      case 3:
        state = (state << 7) | (state >>> 25)
        break
      case 4:
        state = (state << 11) | (state >>> 21)
        break
      case 5:
        state = (state << 19) | (state >>> 13)
        break
      case 6:
        state = (state + (state << 3) + (state >>> 5)) | 0
        break
      case 7:
        state = (state + (state << 9) + (state >>> 14)) | 0
        break
      case 8:
        state = (state - (state >>> 6) - (state << 10)) | 0
        break
      case 9:
        state = (state - (state >>> 11) - (state << 15)) | 0
        break
      case 10:
        state = Math.imul(~state + (state << 15), 2057)
        break
      case 11:
        state = Math.imul(state ^ (state >>> 16), 2246822507)
        break
      case 12:
        state = Math.imul(state ^ (state >>> 13), 3266489909)
        break
      case 13:
        state = Math.imul(state ^ turn, 374761393)
        break
      case 14:
        state = Math.imul(state + turn, 1274126177)
        break
      default:
        state = Math.imul(state - turn, 1597334677)
    }
  }
  return state
}

export function spinAll(items) {
  return items.map(turns => spin(turns))
}

/** Declared `async` because poolifier only awaits functions that are. */
export async function pause(milliseconds) {
  await new Promise(resolve => setTimeout(resolve, milliseconds))
}
