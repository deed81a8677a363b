/** Draws what the checker has found, in the colours of the threads. */
import { type CheckError, drawLanes } from '../checker/index.ts'
import type { Colour, Stage } from './stage.ts'

const COLOURS: readonly Colour[] = ['blue', 'yellow', 'green']

export function drawSchedule(stage: Stage, { schedule }: CheckError): string[] {
  const [head = '', ...rows] = drawLanes(schedule).split('\n')
  return [
    stage.paint('bold', head),
    ...rows.map((row, index) => {
      const step = schedule.steps[index]
      if (step !== undefined) return stage.paint(COLOURS[step.thread % COLOURS.length]!, row)
      return row.includes('✗') ? stage.paint('red', row) : row
    }),
  ].map(line => `  ${line}`)
}
