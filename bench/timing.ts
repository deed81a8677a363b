/** How work is repeated and timed, the same for everybody. */
import type { Call } from './contestant.ts'

/** Milliseconds that `work` takes. */
export async function time(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Calls `count` times, at most `inFlight` at a time: each lane awaits its call before the next. */
export async function flood(call: Call, count: number, inFlight = 1000): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
}

/** The same for `duration` ms. Returns the calls a second. */
export async function floodFor(call: Call, duration: number, inFlight = 1000): Promise<number> {
  const began = performance.now()
  let calls = 0
  let more = true
  const lane = async () => {
    while (more) {
      await call()
      // A look at the clock for each call would cost the fastest a tenth of their time.
      if (++calls % 256 === 0) more = performance.now() - began < duration
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return (calls / (performance.now() - began)) * 1000
}

/** What calls of one value each give, at most `inFlight` at a time: the map that rivals leave to their users. */
export async function mapCalls(call: Call, values: readonly unknown[], inFlight = 1000): Promise<unknown[]> {
  const results: unknown[] = Array.from({ length: values.length })
  let next = 0
  const lane = async () => {
    for (let index = next++; index < values.length; index = next++) results[index] = await call(values[index])
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, values.length) }, lane))
  return results
}

/** The milliseconds of single calls, one after the other, for about `duration` ms, with a rest before each. */
export async function roundTrips(call: Call, duration: number, rest = 0): Promise<number[]> {
  const took: number[] = []
  for (const end = performance.now() + duration; performance.now() < end;) {
    if (rest > 0) await pause(rest)
    const began = performance.now()
    await call()
    took.push(performance.now() - began)
  }
  return took
}

/** The milliseconds of each time that `work` was done, again and again for `duration` ms. */
export async function batches(work: () => unknown, duration: number): Promise<number[]> {
  const took: number[] = []
  for (const end = performance.now() + duration; performance.now() < end;) took.push(await time(work))
  return took
}

export function pause(duration: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, duration))
}
