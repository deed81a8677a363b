/**
 * The worker's loop: takes calls from the ring, runs them one at a time, answers.
 *
 * It is driven by events, not an `async` loop: a synchronous call costs no turn and no promise. Only one call runs at a
 * time, as in Python's pool, so a pool's size is a limit that holds for asynchronous functions too. The exception: a
 * task that waits for a call of its own executor lends its place, or the two would wait for each other for ever.
 */
import { nextTurn, whereMemoryMayEnd } from '../platform/turns.ts'
import type { Idling, WorkerEnd } from '../wire/ends.ts'
import type { CancelMessage, CreditMessage, ParentMessage } from '../wire/message.ts'
import * as record from '../wire/record.ts'
import { unpack } from '../wire/unpack.ts'
import { type Environment, startCall } from './call.ts'
import { hasContext, runAs, setCurrent } from './current-task.ts'
import { Functions } from './functions.ts'
import { RunningTask, type TaskContext } from './running-task.ts'

/** Calls between two looks at the clock. */
const CALLS_PER_LOOK = 32
/** Milliseconds after which the event loop gets a turn though there are more calls: timers, output and messages wait for it. */
const LONGEST_SPELL = 5

export class WorkerLoop {
  readonly #connection: WorkerEnd
  readonly #context: TaskContext
  readonly #functions = new Functions()
  readonly #idle: Idling
  readonly #environment: Environment
  /** Calls that have started and go on, by slot. */
  readonly #active = new Map<number, RunningTask>()
  /** The call that is being started; a busy function looks for cancellation in here. */
  #starting: RunningTask | undefined
  /** How many of the active ones wait for calls of their own executor. */
  #lent = 0
  #callsUntilLook = CALLS_PER_LOOK
  /** When the event loop had its last turn; 0 if nobody has looked since. */
  #spellBegan = 0
  /** A turn is on its way that will pump. */
  #turnComes = false
  #finish: (() => void) | undefined

  /** `idle` makes what waits for calls; it is to call `wake` in a turn of its own when there may be some. */
  constructor(context: TaskContext, idle: (wake: () => void) => Idling) {
    const { connection, results } = context
    this.#connection = connection
    this.#context = context
    this.#idle = idle(() => this.#pumpInNewTurn())
    this.#environment = {
      connection,
      results,
      functions: this.#functions,
      enter: (task, f) => this.#enter(task, f),
    }
  }

  /** Begins to take calls. */
  begin(): void {
    this.#pumpSoon()
  }

  /** Handles a message of the parent that concerns calls. */
  receive(message: ParentMessage): void {
    if (message.type === 'define') this.#functions.define(message)
    else if (message.type === 'cancel') this.#cancel(message)
    else if (message.type === 'credit') this.#find(message)?.grant(message.count)
  }

  /** Takes no more calls, and calls `finish` when none runs. */
  retire(finish: () => void): void {
    this.#finish = finish
    if (this.#active.size === 0) finish()
  }

  /** A running task waits for one call of its own executor more (1) or less (-1). */
  lend(task: RunningTask, calls: 1 | -1): void {
    const waited = task.waitingFor > 0
    task.waitingFor += calls
    const waits = task.waitingFor > 0
    if (waits === waited) return
    this.#lent += waits ? 1 : -1
    this.#connection.tellLent(this.#lent)
    if (waits) this.#pumpSoon()
  }

  #pump(): void {
    const reader = this.#connection.in
    while (this.#active.size - this.#lent < 1 && this.#finish === undefined) {
      const word = reader.peek()
      if (word < 0) {
        reader.release()
        if (this.#active.size === 0 && (this.#idle.spin() || this.#idle.block())) continue
        this.#idle.begin(() => this.#active.size === 0)
        return
      }
      if (--this.#callsUntilLook <= 0) {
        reader.release()
        if (this.#spellIsOver()) {
          this.#pumpSoon()
          return
        }
      }
      this.#take(word)
    }
    reader.release()
  }

  #pumpSoon(): void {
    if (this.#turnComes) return
    this.#turnComes = true
    nextTurn(() => {
      this.#turnComes = false
      this.#pumpInNewTurn()
    })
  }

  #pumpInNewTurn(): void {
    this.#spellBegan = 0
    this.#idle.turned()
    this.#pump()
  }

  /** Whether calls have kept the event loop waiting for too long. */
  #spellIsOver(): boolean {
    this.#callsUntilLook = CALLS_PER_LOOK
    const now = performance.now()
    if (this.#spellBegan === 0) this.#spellBegan = now
    return now - this.#spellBegan > LONGEST_SPELL
  }

  #take(word: number): void {
    const { in: reader, decoder } = this.#connection
    const { words } = reader.cells
    const kindAndFlags = words[word + record.KIND]!
    const serial = words[word + record.SERIAL]!
    reader.advance()
    if ((kindAndFlags & 0xff) === record.KEYS) {
      decoder.begin(word, record.HEAD_CELLS)
      decoder.learnName()
      return
    }
    if (!this.#connection.claim(word)) {
      // Taken back by the parent. Its values are in the port all the same.
      if ((kindAndFlags & record.AWAY) !== 0) void this.#connection.whenValues(serial)
      return
    }
    const task = new RunningTask(this.#context, words[word + record.SLOT]!, serial)
    this.#starting = task
    const goesOn = startCall(this.#environment, task, word)
    this.#starting = undefined
    if (goesOn !== undefined) this.#follow(task, goesOn)
  }

  /** Keeps the place of a call that goes on, until it is answered. */
  #follow(task: RunningTask, answered: Promise<void>): void {
    this.#active.set(task.slot, task)
    void answered.then(() => {
      this.#active.delete(task.slot)
      if (task.waitingFor > 0) this.#connection.tellLent(--this.#lent)
      task.waitingFor = 0
      if (this.#finish !== undefined && this.#active.size === 0) this.#finish()
      else if (!this.#turnComes) void whereMemoryMayEnd(() => this.#pump())
    })
  }

  /**
   * While one call runs, a plain variable says which: asynchronous context costs every call something on some runtimes.
   * Only a call that starts while another waits has to bring a context of its own; or one that finds the context of an
   * earlier one, as on Deno, where what comes by a socket has that of the call that was answered last.
   */
  #enter(task: RunningTask, f: () => unknown): unknown {
    if (this.#active.size > 0 || hasContext()) return runAs(task, f)
    setCurrent(task)
    return f()
  }

  #cancel(message: CancelMessage): void {
    const task = this.#find(message)
    if (task === undefined) return
    // At once where that can be: the task may be busy, and looking.
    const reason = unpack(message.reason)
    if (reason instanceof Promise) void reason.then(error => task.cancel(error))
    else task.cancel(reason)
  }

  /** The call that a message is for, if it still runs. */
  #find({ slot, serial }: CancelMessage | CreditMessage): RunningTask | undefined {
    const task = this.#starting?.slot === slot ? this.#starting : this.#active.get(slot)
    return task?.serial === serial ? task : undefined
  }
}
