/** Every order in which the steps of two threads can come: the checker tries them all, and says which there were. */
import { check } from '../checker/index.ts'
import { SharedQueue } from '../index.ts'
import { counted } from './numbers.ts'
import type { Experiment, Stage } from './stage.ts'

const STEPS = 3
/** A step is drawn in so many columns. */
const CELL = 3
const NUMBER = 4
const GAP = 3

export const interleavings: Experiment = {
  async run(stage) {
    stage.say(
      'Thread A does A1 A2 A3, thread B does B1 B2 B3. Each keeps its own order, but who is next at each step is up to ' +
        'the machine. The checker runs the two in every order there is; time goes from left to right.',
    )
    const { outcomes, schedules, coverage } = await check(bothWrite, { bounds: [], random: 0 })
    const orders = outcomes.map(outcome => String(outcome).split(' '))
    stage.draw(drawOrders(stage, orders))
    const inOneGo = orders.filter(order => switchesIn(order) === 1).length
    stage.say(
      `The checker says "${coverage}", and saw ${counted(new Set(outcomes).size, 'different order')} in ${schedules} runs: ` +
        `in ${inOneGo} of them one thread ends before the other begins, in the other ${orders.length - inOneGo} they mix. ` +
        'An ordinary test sees one of them each time it runs.',
    )
  },
}

/** Each thread writes its steps into a queue that both share; what stands in it in the end is the order. */
function bothWrite(): { threads: Record<string, () => void>; check: () => string } {
  const order = new SharedQueue<string>()
  const thread = (name: string) => (): void => {
    for (let step = 1; step <= STEPS; step++) order.putSync(`${name}${step}`)
  }
  return {
    threads: { A: thread('A'), B: thread('B') },
    check: () => Array.from({ length: order.size }, () => order.tryGet()).join(' '),
  }
}

function switchesIn(order: readonly string[]): number {
  return order.filter((step, index) => index > 0 && step[0] !== order[index - 1]![0]).length
}

/** In a grid: each order has a lane for A and one for B. */
function drawOrders(stage: Stage, orders: readonly (readonly string[])[]): string[] {
  const columns = Math.max(1, Math.floor((stage.width + GAP) / (NUMBER + 2 * STEPS * CELL + GAP)))
  const lines: string[] = []
  for (let first = 0; first < orders.length; first += columns) {
    const row = orders.slice(first, first + columns)
    if (first > 0) lines.push('')
    for (const thread of ['A', 'B']) {
      const lanes = row.map((order, index) => {
        const number = thread === 'A' ? String(first + index + 1).padStart(NUMBER - 2) : ''
        const steps = order.map(step => (step.startsWith(thread) ? step : '·').padEnd(CELL)).join('')
        const painted = steps.replace(/[AB]\d/g, step => stage.paint(thread === 'A' ? 'blue' : 'yellow', step))
        return `${stage.paint('gray', number.padEnd(NUMBER))}${painted}`
      })
      lines.push(lanes.join(' '.repeat(GAP)).trimEnd())
    }
  }
  return lines
}
