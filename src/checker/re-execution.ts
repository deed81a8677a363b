/**
 * Re-execution: threads whose bodies are plain synchronous functions, all played in this thread.
 *
 * No function can be stopped in the middle and continued later; but it can be run again. Each thread keeps a log of what
 * its operations came to. To go a step further it is run from its beginning, is given the results that are in the log, and
 * so comes to where it stood, with all of its variables; there it takes its step. To stop it, its next operation throws.
 * As long as the strategy goes on with the same thread, it simply runs on.
 *
 * A step is tried before it is decided on: only so is it known what it touches, and whether it would have to sleep. What
 * would have to sleep is taken back, and is tried again when something changes that it had looked at.
 */
import { Conductor, type EngineOptions } from './conductor.ts'
import type { Program } from './program.ts'
import { Scenery } from './scenery.ts'
import { Stage } from './stage.ts'

export function reExecution(program: Program, options: EngineOptions): Conductor {
  const scenery = new Scenery(program)
  return new Conductor(scenery, options, director => new Stage(scenery, options.steps, director))
}
