/**
 * The stage: where threads are played one at a time. It stands behind the hook of shared memory, at the entrances of the
 * primitives, and before the clock, so that whatever a thread does comes here first.
 *
 * What a thread has done before is given from its log. What is new is a step, see {@link file://./stepper.ts}.
 */
import { type Clock, setClock } from '../limits/clock.ts'
import { attachHook, type Bits, type Operation, type SchedulerHook, type TypedArray } from '../memory/atomics.ts'
import { playThread } from '../memory/thread-table.ts'
import { isThenable } from '../options/describe.ts'
import { CourseFailure } from './failure.ts'
import type { LogicalThread } from './logical-thread.ts'
import { type Call, type Entrance, standAtEntrances } from './operations.ts'
import type { Director, Player } from './conductor.ts'
import type { Scenery } from './scenery.ts'
import { Stepper, SUSPEND } from './stepper.ts'
import { textOf } from './texts.ts'

/** Classes whose memory is changed by more than hooked operations. What they did is not done again, only its result given. */
const opaque = new Set(['SharedQueue', 'Duct'])

/** What an operation came to whose doing is not repeated. */
interface Done {
  readonly value: unknown
  readonly error: unknown
  readonly threw: boolean
  /** The length of the log after it. */
  readonly end: number
}

export class Stage implements Player, SchedulerHook, Entrance, Clock {
  readonly plays = true
  readonly #scenery: Scenery
  readonly #isFine: boolean
  readonly #director: Director
  readonly #stepper: Stepper
  #thread: LogicalThread | undefined
  /** How many operations of primitives the thread is in, and what the outermost is called. */
  #depth = 0
  #label = ''
  #leave: (() => void) | undefined

  constructor(scenery: Scenery, steps: 'operations' | 'atomics', director: Director) {
    this.#scenery = scenery
    this.#isFine = steps === 'atomics'
    this.#director = director
    this.#stepper = new Stepper(scenery, director)
  }

  /** Everything goes by here from now on. */
  open(): void {
    const hook = attachHook(this)
    const entrance = standAtEntrances(this.#isFine ? undefined : this)
    const clock = setClock(this)
    const leave = this.#scenery.enter()
    this.#leave = () => {
      leave()
      setClock(clock)
      standAtEntrances(entrance)
      attachHook(hook)
    }
    try {
      this.#scenery.begin()
    } catch (error) {
      this.close()
      throw error
    }
    this.#stepper.reset()
  }

  close(): void {
    this.#thread = undefined
    this.#stepper.unwinds = false
    this.#scenery.end()
    this.#leave?.()
    this.#leave = undefined
  }

  /** Runs a thread from its beginning. Throws SUSPEND where it stops. */
  play(thread: LogicalThread): void {
    const stepper = this.#stepper
    thread.log.position = 0
    stepper.step = undefined
    stepper.unwinds = false
    this.#depth = 0
    this.#thread = undefined
    const body = this.#scenery.build(this.#director.isRecorded).bodies[thread.number]!
    this.#thread = thread
    playThread(thread.identity)
    try {
      const result = body()
      if (isThenable(result)) throw promiseOf(thread)
      stepper.end(thread)
    } catch (error) {
      throw stepper.unwinds ? SUSPEND : error
    } finally {
      this.#thread = undefined
    }
    // It has caught what stopped it. Whatever it did after that is done anew, as all else, when it is run again.
    if (stepper.unwinds) throw SUSPEND
    thread.isDone = true
    thread.pending = undefined
  }

  /** Plays another thread in the middle of this one. */
  aside(f: () => void): void {
    const stepper = this.#stepper
    const outer = { thread: this.#thread, step: stepper.step, depth: this.#depth, label: this.#label }
    f()
    this.#thread = outer.thread
    this.#depth = outer.depth
    this.#label = outer.label
    stepper.step = outer.step
    stepper.unwinds = false
    if (outer.thread !== undefined) playThread(outer.thread.identity)
  }

  /** A thread that sleeps on a word has been chosen to wake. Returns whether it was one. */
  wake(thread: LogicalThread): boolean {
    if (thread.sleep === undefined) return false
    this.#stepper.wake(thread)
    return true
  }

  // ── the hook ──

  perform(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    const stepper = this.#stepper
    if (stepper.unwinds) throw SUSPEND
    const thread = this.#thread
    if (thread === undefined) return this.#scenery.perform(operation, cells, index, a, b)
    const { log } = thread
    if (!log.isAtEnd) return log.next(operation, index) as Bits
    if (operation === 'load' && this.#scenery.isSettled(cells, index)) {
      log.add(operation, index, cells[index]!)
      return cells[index]!
    }
    if (this.#isFine) return stepper.alone(thread, operation, cells, index, a, b)
    if (this.#depth > 0 || (operation !== 'read' && operation !== 'write')) {
      stepper.begin(thread, this.#label)
      return stepper.perform(thread, operation, cells, index, a, b)
    }
    stepper.end(thread)
    return stepper.alone(thread, operation, cells, index, a, b)
  }

  wait(words: Int32Array, index: number, value: number, timeout: number): 'ok' | 'not-equal' | 'timed-out' {
    if (this.#stepper.unwinds) throw SUSPEND
    const thread = this.#thread
    if (thread === undefined) throw new CourseFailure({ kind: 'error', message: 'setup and check may not wait' })
    if (!thread.log.isAtEnd) return thread.log.next('wait', index) as 'ok'
    if (this.#isFine) return this.#stepper.sleep(thread, words, index, value, timeout)
    this.#stepper.begin(thread, this.#label)
    return this.#stepper.putOff(thread, index, timeout)
  }

  allocate(bytes: number): SharedArrayBuffer {
    const thread = this.#thread
    if (thread === undefined) return this.#scenery.allocate(bytes)
    if (!thread.log.isAtEnd) return thread.log.next('allocate', bytes) as SharedArrayBuffer
    const buffer = this.#scenery.newBuffer(bytes)
    thread.log.add('allocate', bytes, buffer)
    return buffer
  }

  beginWait(counts: boolean): void {
    const thread = this.#thread
    const stepper = this.#stepper
    if (this.#isFine || thread === undefined || stepper.unwinds || !thread.log.isAtEnd) return
    const { step } = stepper
    if (step !== undefined && (counts || step.hasEffect)) stepper.end(thread, ' … begins')
    stepper.begin(thread, this.#label)
  }

  // ── the clock ──

  now(): number {
    const { time } = this.#scenery.world
    const log = this.#thread?.log
    if (log === undefined || this.#stepper.unwinds) return time
    if (!log.isAtEnd) return log.next('now', 0) as number
    log.add('now', 0, time)
    return time
  }

  alarm(): () => void {
    throw new CourseFailure({ kind: 'error', message: 'a thread that is no async function cannot wait for a timer' })
  }

  // ── the entrances ──

  enter(call: Call): unknown {
    if (this.#stepper.unwinds) throw SUSPEND
    const thread = this.#thread
    if (thread === undefined || this.#depth > 0) return call.perform()
    const { log } = thread
    const isOpaque = opaque.has(call.primitive.type)
    if (this.#director.isRecorded) this.#label = this.#scenery.names.ofCall(call)
    if (!log.isAtEnd) {
      const done = log.next('operation', 0) as Done | undefined
      if (done === undefined) return this.#inside(thread, call, -1)
      log.position = done.end
      if (done.threw) throw done.error
      return done.value
    }
    this.#stepper.end(thread)
    this.#stepper.begin(thread, this.#label)
    const at = log.length
    log.add('operation', 0, undefined)
    if (isOpaque) this.#stepper.step!.keep(call.primitive.memoryOf!(call.handle))
    return this.#inside(thread, call, isOpaque ? at : -1)
  }

  /** Does an operation, and ends its step if it is a new one. `at`: where its result is kept, if it is opaque. */
  #inside(thread: LogicalThread, call: Call, at: number): unknown {
    const { log } = thread
    let value: unknown
    let error: unknown
    let threw = false
    this.#depth++
    try {
      value = call.perform()
    } catch (reason) {
      if (reason === SUSPEND || this.#stepper.unwinds) throw SUSPEND
      threw = true
      error = reason
    }
    this.#depth--
    if (this.#director.isRecorded) this.#scenery.names.learnResult(call, value)
    this.#stepper.end(thread, threw ? `✗ ${String(error)}` : textOf(value))
    if (at >= 0) log.amend(at, { value, error, threw, end: log.length } satisfies Done)
    if (threw) throw error
    return value
  }
}

function promiseOf({ name }: LogicalThread): CourseFailure {
  return new CourseFailure({ kind: 'error', message: `${name} returned a promise: make it an async function` })
}
