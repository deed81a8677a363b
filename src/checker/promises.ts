/**
 * The engine for async functions: all threads are tasks of this event loop, and at each operation of a primitive that is
 * awaited the strategy decides who goes on. In code that was transformed for it, at each other `await` too.
 *
 * Tasks of one thread change over only where they wait, so what lies between two awaited operations is one step, and
 * nothing is known of what it touches: every order of steps is tried. What would really wait waits really; when another
 * task's step has ended the wait, it stands still again until it is chosen.
 */
import { type Clock, setClock } from '../limits/clock.ts'
import { overlayScope } from '../limits/scope.ts'
import { isThenable } from '../options/describe.ts'
import { type Ambient, makeAmbient } from '../platform/ambient.ts'
import { AsyncTask, type Operation, type Spot, type Timer } from './async-task.ts'
import { pointsOf, standAtAwaits } from './await-points.ts'
import type { Course, Engine, TakenStep } from './course.ts'
import { CourseFailure, type Failure, failureOf } from './failure.ts'
import { Footprint } from './footprint.ts'
import { Names } from './names.ts'
import { OpenStep } from './open-step.ts'
import { type Call, type Entrance, standAtEntrances } from './operations.ts'
import { PATIENCE, Patience, turn } from './patience.ts'
import type { Program } from './program.ts'
import { REDUNDANT, type Situation, type Strategy } from './strategy.ts'
import { textOf } from './texts.ts'
import { deadlockOfTasks } from './verdicts.ts'

/** Operations that are awaited. What they call themselves is a part of them. */
const awaited = new Set(['acquire', 'wait', 'waitFor', 'get', 'put', 'join', '_acquireFor'])

/** Settles when no schedule of async functions is being run. */
let last: Promise<void> = Promise.resolve()

export interface PromiseOptions {
  readonly maxSteps: number
  /** At which awaits of transformed code tasks change over: where something does not settle at once, or at all of them. */
  readonly awaits: 'io' | 'all'
}

export class PromiseEngine implements Engine, Entrance, Clock, Situation {
  readonly #program: Program
  readonly #options: PromiseOptions
  readonly #ambient: Ambient<Spot> = makeAmbient()
  readonly #everything = new Footprint()
  readonly #patience = new Patience()
  /** Promises of operations, at which tasks have changed over already. */
  readonly #operations = new WeakSet<object>()
  readonly #points = pointsOf(
    (value, text) => this.#at(value, text),
    () => this.#task !== undefined,
  )
  #tasks: readonly AsyncTask[] = []
  #names = new Names()
  #holders = new Map<object, AsyncTask>()
  #schedule: number[] = []
  #steps: TakenStep[] = []
  #strategy!: Strategy
  #clock: Clock | undefined
  #time = 0
  /** The step that is being taken. */
  #step: OpenStep | undefined
  enabled = 0
  late = 0
  /** Whether it has met an `await` of transformed code. */
  meetsAwaits = false

  constructor(program: Program, options: PromiseOptions) {
    this.#program = program
    this.#options = options
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
    const points = standAtAwaits(this.#points)
    this.#clock = setClock(this)
    const takeScopeBack = overlayScope(outer => {
      const task = this.#ambient.get()?.task
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
      standAtAwaits(points)
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
      for (const task of this.#tasks) task.start(() => this.#ambient.run(task, bodies[task.number]!))
      for (let next = this.#choose(); ; next = this.#choose()) {
        isRedundant = next === REDUNDANT
        if (next === undefined || isRedundant) break
        const task = this.#tasks[next]!
        running = task.name
        await this.#perform(task)
      }
      running = 'check'
      if (!isRedundant) failure = deadlockOfTasks(this.#tasks, this.#holders)
      if (!isRedundant && failure === undefined) outcome = await check()
    } catch (error) {
      failure = failureOf(error, running)
    }
    const blocked = this.#tasks.flatMap(({ number, isDone, isReady }) =>
      isDone || isReady ? [] : [{ thread: number, footprint: this.#everything }],
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
    const timer = task.isReady ? undefined : task.firstTimer
    const text = task.pending?.text ?? ''
    const at = this.#schedule.push(task.number) - 1
    this.#steps[at] = { thread: task.number, text }
    this.#strategy.performed(task.number, this.#everything)
    const step = new OpenStep(task)
    this.#step = step
    if (task.waitings.size > 0) step.closeSoon()
    if (timer === undefined) {
      const stop = task.goOn()
      await this.#settle(task)
      this.#steps[at] = { thread: task.number, text: `${text}${stop.outcome}` }
      return
    }
    this.#time = Math.max(this.#time, timer.at)
    this.#steps[at] = { thread: task.number, text: `${text} … time is up` }
    task.timers.delete(timer)
    if (timer.operation !== undefined) timer.operation.isTimedOut = true
    timer.ring()
    await this.#settle(task)
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
    this.#step = undefined
    for (const operation of task.operations) operation.isBlocked = true
    for (const each of this.#tasks) if (each.error !== undefined) throw each.error.reason
    await this.#patience.wait(this.#tasks)
  }

  /** Who takes the next step; undefined if nobody can. */
  #choose(): number | undefined {
    if (this.#schedule.length >= this.#options.maxSteps) {
      throw new CourseFailure({ kind: 'livelock', message: `livelock: no end after ${this.#options.maxSteps} steps` })
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

  /** The task whose own code runs. What an operation calls belongs to that. */
  get #task(): AsyncTask | undefined {
    const spot = this.#ambient.get()
    return spot === undefined || spot.operation !== undefined || !this.#tasks.includes(spot.task)
      ? undefined
      : spot.task
  }

  // ── the entrances ──

  enter(call: Call): unknown {
    const task = this.#task
    if (task === undefined) return call.perform()
    if (awaited.has(call.name)) {
      const operation = this.#operation(task, call)
      this.#operations.add(operation)
      return operation
    }
    if (call.name === 'release') this.#holders.delete(call.handle)
    return call.perform()
  }

  async #operation(task: AsyncTask, call: Call): Promise<unknown> {
    const { handle, name, perform } = call
    const text = this.#names.ofCall(call)
    let stop = await task.standAt(text, handle)
    const operation: Operation = { text, handle, isBlocked: false, isTimedOut: false }
    stop.outcome = ' … waits'
    const settled = await task.inside(operation, () => this.#ambient.run({ task, operation }, perform))
    // Another task has ended the wait, and goes on itself.
    if (operation.isBlocked && !operation.isTimedOut) stop = await task.standAt(`${text} … goes on`, handle)
    if ('error' in settled) {
      stop.outcome = ` ✗ ${String(settled.error)}`
      throw settled.error
    }
    const { result } = settled
    stop.outcome = textOf(result)
    if (name === 'acquire' || name === '_acquireFor') this.#holders.set(handle, task)
    this.#names.learnResult(call, result)
    return result
  }

  // ── the awaits ──

  #at(value: unknown, text: string): unknown {
    const task = this.#task
    if (task === undefined) return value
    this.meetsAwaits = true
    if (isThenable(value) ? this.#operations.has(value) : this.#options.awaits === 'io') return value
    return this.#await(task, value, text)
  }

  async #await(task: AsyncTask, value: unknown, text: string): Promise<unknown> {
    if (this.#step?.task === task) this.#step.closeSoon()
    let error: { readonly reason: unknown } | undefined
    let result: unknown
    try {
      result = await task.awaiting(value, text)
    } catch (reason) {
      error = { reason }
    }
    // What settles in a step of the task itself, at once or in the end, is a part of it.
    const isPart = this.#step?.isOpen === true && this.#step.task === task
    if (!isPart || this.#options.awaits === 'all') {
      const stop = await task.standAt(text)
      stop.outcome = error === undefined ? textOf(result) : ` ✗ ${String(error.reason)}`
    }
    if (error !== undefined) throw error.reason
    return result
  }

  // ── the clock ──

  now(): number {
    return this.#ambient.get() === undefined ? this.#clock!.now() : this.#time
  }

  alarm(milliseconds: number, ring: () => void): () => void {
    const spot = this.#ambient.get()
    if (spot === undefined) return this.#clock!.alarm(milliseconds, ring)
    const { task, operation } = spot
    const timer: Timer = { at: this.#time + milliseconds, ring, operation }
    task.timers.add(timer)
    return () => void task.timers.delete(timer)
  }
}

function nothing(): void {}
