/** Four tasks on one event loop: one runs at a time, and they wait all at once. */
import { TaskGroup } from '../index.ts'
import { now } from './clock.ts'
import { Course, endOf } from './course.ts'
import { drawLanes, LEGEND } from './lanes.ts'
import { counted, ms, percent } from './numbers.ts'
import type { Colour, Experiment } from './stage.ts'

interface Plan {
  readonly name: string
  readonly colour: Colour
  /** So often it calculates, and then waits for a timer; both in ms. */
  readonly turns: number
  readonly calculates: number
  readonly rests: number
}

const PLANS: readonly Plan[] = [
  { name: 'ann', colour: 'blue', turns: 5, calculates: 10, rests: 50 },
  { name: 'bob', colour: 'yellow', turns: 4, calculates: 20, rests: 55 },
  { name: 'cat', colour: 'green', turns: 6, calculates: 5, rests: 40 },
  { name: 'dan', colour: 'bold', turns: 3, calculates: 30, rests: 70 },
]

export const tasks: Experiment = {
  async run(stage) {
    stage.say(
      'Four tasks on the event loop of one thread. Each calculates for a while, then awaits a timer, again and again. Only one ' +
        'can run at a time, and nobody interrupts it: a task whose timer is up waits until the one that runs awaits something.',
    )
    const origin = now()
    const courses = PLANS.map(({ name, colour }) => new Course(name, colour, origin))
    await TaskGroup.run(async group => {
      for (const [index, plan] of PLANS.entries()) group.spawn(() => follow(plan, courses[index]!))
    })
    const until = endOf(courses)
    const runs = courses
      .flatMap(({ spans }) => spans.filter(({ state }) => state === 'runs'))
      .toSorted((a, b) => a.from - b.from)
    const together = runs.filter((run, index) => index > 0 && run.from < runs[index - 1]!.to).length
    stage.draw([
      ...drawLanes(stage, [...courses, { name: 'loop', colour: 'gray', spans: runs }], until),
      '',
      `  ${LEGEND.runs}   ${LEGEND.waits} for its timer   ${LEGEND.ready}`,
    ])
    const total = (state: 'runs' | 'waits' | 'ready'): number =>
      courses.reduce((sum, course) => sum + course.time(state), 0)
    stage.say(
      `In ${ms(until)} the loop was busy for ${ms(total('runs'))} (${percent(total('runs') / until)}), in ${counted(runs.length, 'turn')}, of which ` +
        `${together} overlapped. Meanwhile the tasks waited ${ms(total('waits'))} for timers, side by side, and ${ms(total('ready'))} ` +
        'for their turn.',
    )
  },
}

async function follow({ turns, calculates, rests }: Plan, course: Course): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    course.calculate(calculates)
    await course.rest(rests)
  }
}
