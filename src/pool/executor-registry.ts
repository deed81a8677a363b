/** The executors of this thread that can be reached from its workers, by a number that no other thread gives, of
 * any process. */
import { processId, threadId } from '../platform/threads.ts'
import type { Place } from '../futures/executor.ts'

/** More executors than one thread makes. */
const NUMBERS_PER_THREAD = 1 << 20
const NUMBERS_PER_PROCESS = 2 ** 32
/** So that no number is too large for a double. */
const PROCESSES = 1 << 20

const places = new Map<number, Place>()
let count = 0

/** Makes a place and keeps it under a new number. */
export function registerPlace<P extends Place>(make: (number: number) => P): P {
  const number = (processId % PROCESSES) * NUMBERS_PER_PROCESS + threadId * NUMBERS_PER_THREAD + ++count
  const place = make(number)
  places.set(number, place)
  return place
}

export function placeOf(number: number): Place | undefined {
  return places.get(number)
}

export function forgetPlace(number: number): void {
  places.delete(number)
}
