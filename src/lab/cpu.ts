/** Work that calculates: a GIL makes two threads as slow as one. */
import { parallelism } from '../platform/cpus.ts'
import { drawFigures, drawPlaces } from './comparison.ts'
import { drawLanes, type Lane, type Span } from './lanes.ts'
import { counted, ms, times, whole } from './numbers.ts'
import { calculate } from './pieces.ts'
import { Places, type Seen } from './places.ts'
import type { Experiment, Stage } from './stage.ts'

/** How long a piece of work is to take by itself, in ms. */
const LONG = 200
/** With so much it is found out how fast this machine is. */
const TRIAL = 1_000_000
/** The holder of the GIL is shown for so many ms. */
const SHOWN = 60
/** One thread that does nothing but calculate has a core to itself, or others are on this machine. */
const ALONE = 0.9
const BUSY =
  ' This machine had other work meanwhile: not even one thread had a core to itself, so look at the cores rather than the time.'

export const cpu: Experiment = {
  async run(stage) {
    const places = new Places()
    try {
      stage.note('starting threads and processes')
      await places.warm(calculate, TRIAL)
      const amount = await fittingAmount(places)
      const cores = parallelism()
      stage.say(
        `Two pieces of work, A and B: each adds up the square roots of the numbers below ${whole(amount)}. Threads that calculate ` +
          `run at the same time if there is a core for each (here: ${counted(cores, 'core')}); under a GIL, a global interpreter lock as Python ` +
          'has it, one of them runs at a time.',
      )
      const seen = await places.compare(stage, calculate, amount)
      show(stage, seen.map(withHolder))
    } finally {
      await places.close()
    }
  },
}

/** Grows until it can be measured. */
async function fittingAmount(places: Places): Promise<number> {
  for (let amount = TRIAL; ; amount *= 4) {
    const took = await places.time(calculate, amount)
    if (took > LONG / 8) return Math.ceil((amount * LONG) / took / 1e6) * 1e6
  }
}

function show(stage: Stage, seen: readonly Seen[]): void {
  stage.draw(drawPlaces(stage, seen, ['runs', 'half', 'ready']))
  const [one, two, gil, processes] = seen as [Seen, Seen, Seen, Seen]
  const shown = Math.min(SHOWN, gil.wall)
  stage.draw([`  who holds the GIL, in the first ${ms(shown)}`, ...drawLanes(stage, gil.lanes, shown)])
  stage.draw(drawFigures(stage, seen))
  const { forced, waited } = gil.gil!.statistics()
  stage.say(
    `Two threads took ${times(two.wall / one.wall)} as long as one and used ${two.cores.toFixed(2)} cores, two processes ` +
      `${times(processes.wall / one.wall)} and ${processes.cores.toFixed(2)} cores. With the GIL it was ${times(gil.wall / one.wall)} and ` +
      `${gil.cores.toFixed(2)} cores: ${counted(forced, 'time')} a thread had to let go of it after ${gil.gil!.switchInterval} ms or more, ` +
      `and together they waited ${ms(waited)} for it.${one.cores < ALONE ? BUSY : ''}`,
  )
}

/** Under a GIL it is not the thread that knows best when it ran, but the GIL. */
function withHolder(seen: Seen): Seen {
  const { gil, lanes, threads, wall } = seen
  if (gil === undefined) return seen
  const { timeline, taken } = gil.statistics()
  // On a very slow machine it has forgotten how it began.
  if (taken > timeline.length) return seen
  const holds = timeline.map(({ thread, at }, index) => ({ thread, from: at, to: timeline[index + 1]?.at ?? wall }))
  const withHolds = (lane: Lane, thread: string | undefined): Lane => {
    const end = lane.spans.at(-1)?.to ?? wall
    const spans = holds
      .filter(({ from }) => from < end)
      .map(({ from, to, thread: holder }): Span => ({
        from,
        to: Math.min(to, end),
        state: holder === thread ? 'runs' : 'ready',
      }))
    return { ...lane, spans }
  }
  return { ...seen, lanes: lanes.map((lane, index) => withHolds(lane, threads[index])) }
}
