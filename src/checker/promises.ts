/**
 * The engine for async functions: all threads are tasks of this event loop, and at each operation of a primitive that is
 * awaited the strategy decides who goes on.
 *
 * Tasks of one thread change over only where they wait, so what lies between two awaited operations is one step, and
 * nothing is known of what it touches: every order of steps is tried. What would really wait waits really; when another
 * task's step has ended the wait, it stands still again until it is chosen.
 */
import { type Clock, setClock } from '../limits/clock.ts'
import { overlayScope } from '../limits/scope.ts'
import { type Ambient, makeAmbient } from '../platform/ambient.ts'
import { nextTurn } from '../platform/turns.ts'
import { AsyncTask, type Timer } from './async-task.ts'
import type { Course, Engine, TakenStep } from './course.ts'
import { CourseFailure, type Failure, failureOf } from './failure.ts'
import { Footprint } from './footprint.ts'
import { Names } from './names.ts'
import { type Call, type Entrance, standAtEntrances } from './operations.ts'
import type { Program } from './program.ts'
import { REDUNDANT, type Situation, type Strategy } from './strategy.ts'
import { textOf } from './texts.ts'

/** Operations that are awaited. What they call themselves is a part of them. */
const awaited = new Set(['acquire', 'wait', 'waitFor', 'get', 'put', 'join', '_acquireFor'])

/** For so long, in ms, a task may await what the checker does not know. */
const PATIENCE = 1000

/** Settles when no schedule of async functions is being run. */
let last: Promise<void> = Promise.resolve()

export class PromiseEngine implements Engine, Entrance, Clock, Situation {
  readonly #program: Program
  readonly #maxSteps: number
  readonly #ambient: Ambient<AsyncTask> = makeAmbient()
  readonly #everything = new Footprint()
  #tasks: readonly AsyncTask[] = []
  #names = new Names()
  #holders = new Map<object, AsyncTask>()
  #schedule: number[] = []
  #steps: TakenStep[] = []
  #strategy!: Strategy
  #clock: Clock | undefined
  #time = 0
  enabled = 0
  late = 0

  constructor(program: Program, maxSteps: number) {
    this.#program = program
    this.#maxSteps = maxSteps
    this.#everything.addWrite(0)
  }

  /** One schedule at a time, of whatever check: they would change over in the middle of each other. */
  run(strategy: Strategy, recorded: boolean): Promise<Course> {
    const course = last.then(() => this.#runAlone(strategy, recorded))
    last = course.then(nothing, nothing)
    return course
  }

  async #runAlone(strategy: Strategy, recorded: boolean): Promise<Course> {
    const entrance = standAtEntrances(this)
    this.#clock = setClock(this)
    const takeScopeBack = overlayScope(outer => {
      const task = this.#ambient.get()
      const found = outer?.()
      return found === undefined || found === task?.outerScope ? (task ?? found) : found
    })
    this.#strategy = strategy
    this.#schedule = []
    this.#steps = []
    this.#holders = new Map()
    this.#names = new Names()
    this.#time = 0
    try {
      return await this.#runOnce(recorded)
    } finally {
      for (const task of this.#tasks) task.stop()
      // What they do on their way out belongs to this schedule still.
      await turn()
      this.#tasks = []
      takeScopeBack()
      setClock(this.#clock)
      standAtEntrances(entrance)
    }
  }

  close(): void {}

  footprintOf(thread: number): Footprint | undefined {
    return this.#tasks[thread]!.isDone ? undefined : this.#everything
  }

  async #runOnce(recorded: boolean): Promise<Course> {
    const { bodies, check, shared } = this.#program.build()
    if (recorded) this.#names.learn(shared)
    this.#tasks = this.#program.names.map((name, number) => new AsyncTask(number, name))
    this.#strategy.begin(this.#tasks.length)
    let failure: Failure | undefined
    let outcome: unknown
    let isRedundant = false
    let running = 'check'
    try {
      for (const task of this.#tasks) {
        running = task.name
        task.start(() => this.#ambient.run(task, bodies[task.number]!))
        await this.#settle(task)
      }
      for (let next = this.#choose(); ; next = this.#choose()) {
        isRedundant = next === REDUNDANT
        if (next === undefined || isRedundant) break
        const task = this.#tasks[next]!
        running = task.name
        await this.#perform(task)
      }
      running = 'check'
      if (!isRedundant) failure = this.#deadlock()
      if (!isRedundant && failure === undefined) outcome = await check()
    } catch (error) {
      failure = failureOf(error, running)
    }
    const blocked = this.#tasks.flatMap(({ number, isBlocked }) =>
      isBlocked ? [{ thread: number, footprint: this.#everything }] : [],
    )
    return {
      names: this.#program.names,
      schedule: this.#schedule,
      failure,
      race: undefined,
      isRedundant,
      outcome,
      steps: this.#steps,
      hasMore: this.#strategy.end(blocked),
    }
  }

  async #perform(task: AsyncTask): Promise<void> {
    const { text } = task
    const at = this.#schedule.push(task.number) - 1
    this.#steps[at] = { thread: task.number, text }
    this.#strategy.performed(task.number, this.#everything)
    const timer = task.isReady ? undefined : task.firstTimer
    if (timer === undefined) task.goOn()
    else {
      this.#time = Math.max(this.#time, timer.at)
      this.#steps[at] = { thread: task.number, text: `${text} … time is up` }
      task.timers.delete(timer)
      task.isTimedOut = true
      timer.ring()
    }
    await this.#settle(task)
    if (timer === undefined)
      this.#steps[at] = { thread: task.number, text: `${text}${task.isWaiting ? ' … waits' : task.result}` }
  }

  /** Waits until a task stands still: at its next operation, in one that really waits, or at its end. */
  async #settle(task: AsyncTask): Promise<void> {
    const begin = performance.now()
    do {
      await turn()
      if (performance.now() - begin > PATIENCE) {
        const message = `${task.name} awaits something that the checker does not control`
        throw new CourseFailure({ kind: 'error', message })
      }
    } while (!task.stands)
    for (const each of this.#tasks) if (each.error !== undefined) throw each.error.reason
    if (task.isWaiting) task.isBlocked = true
  }

  /** Who takes the next step; undefined if nobody can. */
  #choose(): number | undefined {
    if (this.#schedule.length >= this.#maxSteps) {
      throw new CourseFailure({ kind: 'livelock', message: `livelock: no end after ${this.#maxSteps} steps` })
    }
    this.enabled = 0
    this.late = 0
    for (const task of this.#tasks) {
      if (!task.isReady && task.firstTimer === undefined) continue
      this.enabled |= 1 << task.number
      if (!task.isReady) this.late |= 1 << task.number
    }
    return this.enabled === 0 ? undefined : this.#strategy.choose(this)
  }

  #deadlock(): Failure | undefined {
    const stuck = this.#tasks.filter(({ isDone }) => !isDone)
    if (stuck.length === 0) return undefined
    const lines = stuck.map(task => {
      const holder = task.handle === undefined ? undefined : this.#holders.get(task.handle)
      const by = holder === undefined ? '' : `, held by ${holder.name}${holder.isDone ? ', which has ended' : ''}`
      return `${task.name} waits at ${task.text}${by}`
    })
    return { kind: 'deadlock', message: `deadlock: ${lines.join('; ')}` }
  }

  // ── the entrances ──

  enter(call: Call): unknown {
    const task = this.#ambient.get()
    if (task === undefined || task.isInside || !this.#tasks.includes(task)) return call.perform()
    if (awaited.has(call.name)) return this.#operation(task, call)
    if (call.name === 'release') this.#holders.delete(call.handle)
    return call.perform()
  }

  async #operation(task: AsyncTask, call: Call): Promise<unknown> {
    const text = this.#names.ofCall(call)
    await task.standAt(text, call.handle)
    task.isBlocked = false
    task.isTimedOut = false
    const settled = await task.inside(call.perform)
    // Another task has ended the wait, and goes on itself.
    if (task.isBlocked && !task.isTimedOut) await task.standAt(`${text} … goes on`, call.handle)
    task.isBlocked = false
    if ('error' in settled) {
      task.result = ` ✗ ${String(settled.error)}`
      throw settled.error
    }
    const { result } = settled
    task.result = textOf(result)
    if (call.name === 'acquire' || call.name === '_acquireFor') this.#holders.set(call.handle, task)
    this.#names.learnResult(call, result)
    return result
  }

  // ── the clock ──

  now(): number {
    return this.#ambient.get() === undefined ? this.#clock!.now() : this.#time
  }

  alarm(milliseconds: number, ring: () => void): () => void {
    const task = this.#ambient.get()
    if (task === undefined) return this.#clock!.alarm(milliseconds, ring)
    const timer: Timer = { at: this.#time + milliseconds, ring }
    task.timers.add(timer)
    return () => void task.timers.delete(timer)
  }
}

/** Lets everything happen that can happen without time going on. */
function turn(): Promise<void> {
  return new Promise(resolve => nextTurn(resolve))
}

function nothing(): void {}
