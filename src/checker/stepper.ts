/**
 * New steps: they are tried, shown to the director, and then count, or are taken back and the thread is stopped.
 *
 * In the coarse model a step is an operation of a primitive. It never sleeps: where it would, it is put off as a whole
 * until something has changed that it looked at. (So transactions wait: `retry`, Harris, Marlow, Peyton Jones and Herlihy
 * 2005.) In the fine model each atomic operation is a step, and threads do sleep on words, in the order in which they came.
 */
import type { Bits, Operation, TypedArray } from '../memory/atomics.ts'
import { Footprint } from './footprint.ts'
import type { LogicalThread } from './logical-thread.ts'
import type { Director } from './conductor.ts'
import type { Scenery } from './scenery.ts'
import { Sleepers } from './sleepers.ts'
import { Step } from './step.ts'
import { operationText } from './texts.ts'
import { changes } from './world.ts'

/** Thrown to stop a thread. */
export const SUSPEND: object = Object.freeze({
  toString: () => 'the checker has stopped this thread here: do not catch this',
})

export class Stepper {
  readonly #scenery: Scenery
  readonly #director: Director
  readonly #sleepers: Sleepers
  readonly #reads: Footprint[] = []
  readonly #writes: Footprint[] = []
  /** The one that is being tried. */
  step: Step | undefined
  /** The thread is being stopped: whatever it still does on its way out throws. */
  unwinds = false

  constructor(scenery: Scenery, director: Director) {
    this.#scenery = scenery
    this.#director = director
    this.#sleepers = new Sleepers(scenery.world)
  }

  reset(): void {
    this.step = undefined
    this.unwinds = false
    this.#sleepers.reset()
  }

  /** Begins a step of several operations, unless one is being tried. */
  begin(thread: LogicalThread, label: string): void {
    if (this.step !== undefined) return
    this.#director.refresh()
    this.step = new Step(this.#scenery.world, thread.log.length, label)
  }

  /** An operation in it. */
  perform(thread: LogicalThread, operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    let result: Bits
    // What is tried in haste fails, so that there is one way only. Nobody sleeps who would have to be notified.
    if (operation === 'tryExchange') result = ~(a as number)
    else if (operation === 'notify') result = 0
    else result = this.step!.perform(operation, cells, index, a, b)
    thread.log.add(operation, index, result)
    return result
  }

  /** Ends the step that is being tried, if there is one: it counts, or the thread stops. */
  end(thread: LogicalThread, result = ''): void {
    const { step } = this
    if (step === undefined || this.unwinds) return
    step.complete()
    const { footprint, isLate, label } = step
    thread.pending = { footprint, enabled: true, isLate, isFixed: false, text: label }
    if (!this.#director.mayGoOn(thread)) this.#takeBack(thread, step)
    this.step = undefined
    step.tellRaces(this.#director.races, thread.number)
    this.#director.performed(thread, footprint, `${label}${result}`)
  }

  /** The step would have to sleep: its time runs out here and now, or it is put off until something changes. */
  putOff(thread: LogicalThread, index: number, timeout: number): 'timed-out' {
    const step = this.step!
    if (timeout === Infinity) {
      const { footprint, label } = step
      thread.holder = this.#scenery.holderOf(thread)
      thread.pending = { footprint, enabled: false, isLate: false, isFixed: false, text: label }
      step.undo()
      this.#director.mayGoOn(thread)
      this.#takeBack(thread, step)
    }
    step.isLate = true
    this.#scenery.world.time += timeout
    thread.log.add('wait', index, 'timed-out')
    return 'timed-out'
  }

  /** A step of one operation. */
  alone(thread: LogicalThread, operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    const director = this.#director
    director.refresh()
    const { world } = this.#scenery
    const cell = world.cellOf(cells, index)
    const isNotify = operation === 'notify'
    const isWrite = changes(operation)
    let footprint = isNotify ? this.#footprint(this.#sleepers.cellOf(cell), true) : this.#footprint(cell, isWrite)
    const name = director.isRecorded ? this.#scenery.names.ofCell(cells.buffer, index) : ''
    thread.pending = { footprint, enabled: true, isLate: false, isFixed: true, text: `${name} ${operation}` }
    if (!director.mayGoOn(thread)) this.#stop()
    const before = cells[index]
    let result: Bits
    if (isNotify) {
      const woken = this.#sleepers.notify(cell, a as number)
      if (woken.length > 0) footprint = this.#sleepers.footprintOf(cell, woken)
      for (const other of woken) director.races.order(thread.number, other.number)
      result = woken.length
    } else {
      result = world.perform(operation, cells, index, a, b)
      if (isWrite && Object.is(before, cells[index])) footprint = this.#footprint(cell, false)
      director.races.access(thread.number, cell, isWrite, operation === 'read' || operation === 'write')
    }
    thread.log.add(operation, index, result)
    director.performed(thread, footprint, director.isRecorded ? operationText(name, operation, result, a, b) : '')
    return result
  }

  /** A wait in the fine model. */
  sleep(
    thread: LogicalThread,
    words: Int32Array,
    index: number,
    value: number,
    timeout: number,
  ): 'ok' | 'not-equal' | 'timed-out' {
    const director = this.#director
    const cell = this.#scenery.world.cellOf(words, index)
    const footprint = this.#sleepers.footprintOf(cell, [])
    footprint.addRead(cell)
    const text = `${director.isRecorded ? this.#scenery.names.ofCell(words.buffer, index) : ''} wait(${value})`
    thread.pending = { footprint, enabled: true, isLate: false, isFixed: true, text }
    if (!director.mayGoOn(thread)) this.#stop()
    if (words[index] !== value) {
      thread.log.add('wait', index, 'not-equal')
      director.performed(thread, this.#footprint(cell, false), `${text} → not-equal`)
      return 'not-equal'
    }
    director.performed(thread, footprint, `${text} … sleeps`)
    thread.holder = this.#scenery.holderOf(thread)
    thread.pending = this.#sleepers.add(thread, { cell, index, timeout, isCalled: false }, text)
    if (!director.mayGoOn(thread)) this.#stop()
    return this.wake(thread)
  }

  /** A thread that sleeps has been chosen. */
  wake(thread: LogicalThread): 'ok' | 'timed-out' {
    const { pending, sleep } = thread
    const result = this.#sleepers.wake(thread)
    thread.log.add('wait', sleep!.index, result)
    this.#director.performed(thread, pending!.footprint, `${pending!.text} → ${result}`)
    return result
  }

  #takeBack(thread: LogicalThread, step: Step): never {
    step.undo()
    thread.log.cut(step.logLength)
    return this.#stop()
  }

  #stop(): never {
    this.step = undefined
    this.unwinds = true
    throw SUSPEND
  }

  /** The footprint of one access: there is one for each cell, as there are so many of them. */
  #footprint(cell: number, isWrite: boolean): Footprint {
    const known = isWrite ? this.#writes : this.#reads
    let footprint = known[cell]
    if (footprint === undefined) {
      footprint = new Footprint()
      footprint.addRead(cell)
      if (isWrite) footprint.addWrite(cell)
      known[cell] = footprint
    }
    return footprint
  }
}
