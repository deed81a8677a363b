/** What blocking the event loop does to everybody else, and what to do instead. */
import { task, TaskGroup, toThread } from '../index.ts'
import { type Bar, drawBars } from './bars.ts'
import { burn, now } from './clock.ts'
import { Course, endOf } from './course.ts'
import { drawLanes, type Lane, LEGEND } from './lanes.ts'
import { ms } from './numbers.ts'
import type { Colour, Experiment, Stage } from './stage.ts'

/** How long dan calculates, in ms, and when he begins. */
const LONG = 150
const BEGINS = 50
/** The others wait so often for a timer of so many ms. */
const TURNS = 12
const RESTS = 20

const OTHERS: readonly (readonly [string, Colour])[] = [
  ['ann', 'blue'],
  ['bob', 'yellow'],
  ['cat', 'green'],
]

interface Took {
  readonly from: number
  readonly to: number
}

const calculateAway = task(function calculateAway(duration: number): Took {
  const from = now()
  burn(duration)
  return { from, to: now() }
})

type Dan = (course: Course) => Promise<Lane | undefined>

export const blocking: Experiment = {
  async run(stage) {
    stage.say(
      `Three tasks wait for timers of ${RESTS} ms, and a fourth, dan, calculates for ${LONG} ms in one go. While he does, the event ` +
        'loop can do nothing else: timers come late, and so would every answer of a server.',
    )
    stage.note('dan on the loop')
    const blocked = await four(onTheLoop)
    stage.draw(['  dan calculates on the event loop', ...drawCourses(stage, blocked)])
    stage.say('The cure: dan awaits toThread(calculate), and a thread calculates. The loop is free meanwhile.')
    stage.note('dan on a thread')
    // The thread is started before, so that this is not what is seen.
    await toThread(calculateAway, 1)
    const cured = await four(onAThread)
    stage.draw([
      '  dan calculates on a thread',
      ...drawCourses(stage, cured),
      '',
      `  ${LEGEND.runs}   ${LEGEND.waits}   ${LEGEND.ready}`,
    ])
    stage.draw(['  how late the latest timer of each task came', ...drawLateness(stage, blocked, cured)])
    stage.say(
      `With dan on the loop a timer came up to ${ms(latest(blocked))} late, with dan on a thread up to ${ms(latest(cured))}, and half of all ` +
        `timers there no more than ${ms(median(cured))}. For many such ` +
        'calls there is a ThreadPoolExecutor, which has a thread for each core.',
    )
  },
}

interface Seen {
  /** Of ann, bob and cat. */
  readonly others: readonly Course[]
  readonly dan: Course
  readonly thread: Lane | undefined
}

async function four(calculates: Dan): Promise<Seen> {
  const origin = now()
  const others = OTHERS.map(([name, colour]) => new Course(name, colour, origin))
  const dan = new Course('dan', 'bold', origin)
  let thread: Lane | undefined
  await TaskGroup.run(async group => {
    for (const course of others) group.spawn(() => tick(course))
    group.spawn(async () => {
      await dan.rest(BEGINS)
      thread = await calculates(dan)
    })
  })
  return { others, dan, thread }
}

async function tick(course: Course): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await course.rest(RESTS)
    course.calculate(1)
  }
}

async function onTheLoop(dan: Course): Promise<undefined> {
  dan.calculate(LONG)
}

async function onAThread(dan: Course): Promise<Lane> {
  const asked = now()
  const { from, to } = await toThread(calculateAway, LONG)
  dan.note('waits', asked, now())
  const thread = new Course('thread', dan.colour, dan.origin)
  thread.note('runs', from, to)
  return thread
}

function drawCourses(stage: Stage, { others, dan, thread }: Seen): string[] {
  const lanes: Lane[] = [...others, dan, ...(thread === undefined ? [] : [thread])]
  return drawLanes(stage, lanes, endOf([...others, dan]), 'thread'.length)
}

function drawLateness(stage: Stage, blocked: Seen, cured: Seen): string[] {
  return drawBars(
    stage,
    OTHERS.flatMap(([name], index) => [
      latenessBar(`${name}, dan on the loop`, blocked.others[index]!, 'red'),
      latenessBar(`${name}, dan on a thread`, cured.others[index]!, 'green'),
    ]),
  )
}

function latenessBar(name: string, { late }: Course, colour: Colour): Bar {
  const most = Math.max(...late)
  return { name, parts: [{ value: most, colour }], text: ms(most).padStart(6) }
}

function median({ others }: Seen): number {
  const all = others.flatMap(({ late }) => late).toSorted((a, b) => a - b)
  return all[all.length >> 1]!
}

function latest({ others }: Seen): number {
  return Math.max(...others.flatMap(({ late }) => late))
}
