import { currentTask, task } from 'multitask'

/** By the midpoint rule for the area of a quarter of a circle, in `steps` steps. */
export const estimatePi = task(function estimatePi(steps: number): number {
  let area = 0
  for (let step = 0; step < steps; step++) {
    const x = (step + 0.5) / steps
    area += Math.sqrt(1 - x * x) / steps
    if ((step + 1) % (steps / 4) === 0) currentTask().progress(((step + 1) / steps) * 100)
  }
  return 4 * area
})
