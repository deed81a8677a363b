/** What does it cost to send 1 MiB to a worker and get it back, copied or moved? */
import { type Chart, compare } from '../chart.ts'
import { type Call, open } from '../contestant.ts'
import type { Figures, Question, Results } from '../question.ts'
import { median } from '../statistics.ts'
import { pause } from '../timing.ts'

const SIZE = 2 ** 20
const DURATION = 400

async function measure(contestant: string): Promise<Figures> {
  const { call, move } = await open(contestant, 2)
  if (move === undefined) throw new Error(`${contestant} cannot move`)
  return { copied: await roundTrip(call('echo')), moved: await roundTrip(move) }
}

/** Microseconds, half of the time for warming up. What came back is sent again. */
async function roundTrip(call: Call): Promise<number> {
  let bytes = new Uint8Array(SIZE).fill(7)
  const took: number[] = []
  for (const end = performance.now() + 2 * DURATION; performance.now() < end;) {
    const began = performance.now()
    bytes = (await call(bytes)) as Uint8Array<ArrayBuffer>
    took.push(performance.now() - began)
    // Memory that is let go has to be collected in time.
    if (took.length % 64 === 0) await pause(0)
  }
  if (bytes.length !== SIZE || bytes[SIZE - 1] !== 7) throw new Error('the bytes are not those that were sent')
  return median(took.slice(took.length / 2)) * 1000
}

function charts(results: Results): Chart[] {
  const references = ['piscina', 'postMessage']
  return [
    compare(results, 'copied', {
      title: 'Round trip of a Uint8Array of 1 MiB, copied',
      unit: 'µs',
      better: 'less',
      references,
      goals: [{ row: 'multitask', atMost: 1, of: 'piscina' }],
    }),
    compare(results, 'moved', {
      title: 'Round trip of a Uint8Array of 1 MiB, moved',
      unit: 'µs',
      better: 'less',
      references,
      goals: [{ row: 'multitask', atMost: 1.3, of: 'postMessage' }],
    }),
  ]
}

export const question: Question = {
  contestants: ['multitask', 'postMessage', 'piscina', 'tinypool', 'workerpool'],
  measure,
  charts,
}
