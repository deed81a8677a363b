/** Work that waits: who waits needs no core and no GIL. */
import { drawFigures, drawPlaces } from './comparison.ts'
import { counted, ms, times } from './numbers.ts'
import { waitOften } from './pieces.ts'
import { Places, type Seen } from './places.ts'
import type { Experiment } from './stage.ts'

/** How often each of the two waits. */
const TURNS = 6

export const io: Experiment = {
  async run(stage) {
    const places = new Places()
    try {
      stage.note('starting threads and processes')
      await places.warm(waitOften, 1)
      stage.say(
        `Two pieces of work, A and B: each waits ${counted(TURNS, 'time')} for 20 ms, as for the answer of a server, and calculates for ` +
          'a moment with what has come. Who waits needs no core and lets go of the GIL, so it should not matter here.',
      )
      const seen = await places.compare(stage, waitOften, TURNS)
      stage.draw(drawPlaces(stage, seen, ['runs', 'waits', 'ready']))
      stage.draw(drawFigures(stage, seen))
      const [one, two, gil, processes] = seen as [Seen, Seen, Seen, Seen]
      stage.say(
        `Two threads waited at the same time and took ${times(two.wall / one.wall)} as long as one; with the GIL it was ` +
          `${times(gil.wall / one.wall)}, and together they waited ${ms(gil.gil!.statistics().waited)} for it; two processes took ` +
          `${times(processes.wall / one.wall)}. None of them used more than ${Math.max(...seen.map(({ cores }) => cores)).toFixed(2)} cores.`,
      )
    } finally {
      await places.close()
    }
  },
}
