/**
 * Real threads: each body runs in a worker, as it is, and stands still before everything that it does to shared memory.
 * One of them runs at a time. For code that cannot be run again for each step: because it takes long, or keeps a state of
 * its own. The steps are atomic operations, as in the fine model.
 */
import { type Operation, type TypedArray } from '../memory/atomics.ts'
import { ASKS, HAS_ENDED, HAS_THROWN, Mailbox, RESTS, RUNS } from '../memory/mailbox.ts'
import { startThread, type ThreadHandle } from '../platform/threads.ts'
import { nextTurn } from '../platform/turns.ts'
import type { Course, Engine } from './course.ts'
import { Conductor, type Director, type EngineOptions, type Player } from './conductor.ts'
import { CourseFailure } from './failure.ts'
import type { LogicalThread } from './logical-thread.ts'
import type { CheckTest, Program } from './program.ts'
import { buffersOf, operations, type RealBoot, views } from './real-request.ts'
import { Scenery } from './scenery.ts'
import { Stage } from './stage.ts'
import { Stepper } from './stepper.ts'
import type { Strategy } from './strategy.ts'

const WAIT = operations.length - 1
const results = ['ok', 'not-equal', 'timed-out']
/** For how long, in ms, a thread may calculate between two steps. */
const PATIENCE = 10_000

interface RealThread {
  readonly mailbox: Mailbox
  readonly handle: ThreadHandle
  /** It asks, and was not answered. */
  asks: boolean
}

export class RealThreads implements Engine {
  readonly #test: CheckTest<unknown>
  readonly #module: string
  readonly #scenery: Scenery
  readonly #conductor: Conductor
  readonly #stage: RealStage
  #isReady = false

  constructor(test: CheckTest<unknown>, program: Program, options: EngineOptions, module: string) {
    this.#test = test
    this.#module = module
    this.#scenery = new Scenery(program)
    let stage: RealStage | undefined
    this.#conductor = new Conductor(
      this.#scenery,
      options,
      director => (stage = new RealStage(this.#scenery, director)),
    )
    this.#stage = stage!
  }

  run(strategy: Strategy, recorded: boolean): Course | Promise<Course> {
    if (this.#isReady) return this.#conductor.run(strategy, recorded)
    return this.#start().then(() => this.#conductor.run(strategy, recorded))
  }

  close(): void {
    this.#stage.end()
  }

  async #start(): Promise<void> {
    const namespace = (await import(this.#module)) as Record<string, unknown>
    const exported = Object.keys(namespace).find(name => namespace[name] === this.#test)
    if (exported === undefined) {
      throw new TypeError(`the test must be an export of ${this.#module}, where its threads can find it`)
    }
    await this.#stage.start(this.#module, exported)
    this.#isReady = true
  }
}

class RealStage implements Player {
  readonly #scenery: Scenery
  readonly #stepper: Stepper
  readonly #stage: Stage
  #threads: readonly RealThread[] = []
  #buffers: readonly SharedArrayBuffer[] = []
  /** What is in the buffers when everything has been made. */
  #contents: readonly Uint8Array[] = []
  #failure: unknown
  readonly #views = new Map<string, TypedArray>()

  constructor(scenery: Scenery, director: Director) {
    this.#scenery = scenery
    this.#stepper = new Stepper(scenery, director)
    this.#stage = new Stage(scenery, 'atomics', director)
  }

  /** Starts the threads, and resolves when all of them stand before their bodies. */
  async start(module: string, exported: string): Promise<void> {
    this.#stage.open()
    const { setup, table } = this.#scenery.sent
    this.#buffers = buffersOf(setup, table)
    this.#contents = this.#buffers.slice(1).map(buffer => new Uint8Array(buffer).slice())
    this.#stage.close()
    this.#threads = this.#scenery.threads.map(({ identity, number, name }) => {
      const mailbox = new Mailbox()
      const data: RealBoot = { identity, number, table, mailbox: mailbox.memory, setup, module, exported }
      const failed = (error: unknown): void => void (this.#failure ??= error)
      const handle = startThread({ module: threadModule, name, data, transfer: [], failed, exited: () => {} })
      return { mailbox, handle, asks: false }
    })
    while (this.#threads.some(({ mailbox }) => mailbox.state !== RESTS)) {
      if (this.#failure !== undefined) throw this.#failure
      await new Promise<void>(resolve => nextTurn(resolve))
    }
  }

  end(): void {
    for (const { handle } of this.#threads) handle.terminate()
  }

  open(): void {
    this.#stage.open()
    this.#stepper.reset()
  }

  close(): void {
    for (const thread of this.#threads) this.#stop(thread)
    this.#stage.close()
    this.#buffers.slice(1).forEach((buffer, at) => new Uint8Array(buffer).set(this.#contents[at]!))
  }

  play(thread: LogicalThread): void {
    const real = this.#threads[thread.number]!
    const { mailbox } = real
    this.#stepper.unwinds = false
    if (mailbox.state === RESTS) mailbox.set(RUNS)
    for (;;) {
      if (!real.asks && !mailbox.waitWhile(RUNS, PATIENCE)) throw tooSlow(thread)
      real.asks = true
      const { state } = mailbox
      if (state === ASKS) this.#answer(thread, real)
      else if (state === HAS_THROWN) throw errorFrom(mailbox.text)
      else {
        thread.isDone = true
        thread.pending = undefined
        return
      }
    }
  }

  aside(f: () => void): void {
    f()
  }

  wake(thread: LogicalThread): boolean {
    if (thread.sleep === undefined) return false
    this.#reply(this.#threads[thread.number]!, results.indexOf(this.#stepper.wake(thread)))
    return true
  }

  #answer(thread: LogicalThread, real: RealThread): void {
    const { mailbox } = real
    const cells = this.#view(mailbox.request(1), mailbox.request(2), mailbox.request(3))
    const index = mailbox.request(4)
    const [a, b] = [mailbox.value(0), mailbox.value(1)]
    const operation = mailbox.request(0)
    if (operation === WAIT) {
      const result = this.#stepper.sleep(thread, cells as Int32Array, index, a as number, b as number)
      this.#reply(real, results.indexOf(result))
    } else this.#reply(real, this.#stepper.alone(thread, operations[operation] as Operation, cells, index, a, b))
  }

  #reply(real: RealThread, result: number | bigint): void {
    real.mailbox.writeValue(2, result)
    real.asks = false
    real.mailbox.set(RUNS)
  }

  /** The view that the thread has, in this one. */
  #view(buffer: number, type: number, byteOffset: number): TypedArray {
    const key = `${buffer} ${type} ${byteOffset}`
    let view = this.#views.get(key)
    if (view === undefined) this.#views.set(key, (view = new views[type]!(this.#buffers[buffer]!, byteOffset)))
    return view
  }

  /** Leads a thread out of its body, and back before it. */
  #stop(real: RealThread): void {
    const { mailbox } = real
    mailbox.stops = true
    while (mailbox.state !== RESTS) {
      const { state } = mailbox
      if (state === RUNS) mailbox.waitWhile(RUNS)
      else mailbox.set(RUNS)
      if (state === HAS_ENDED || state === HAS_THROWN) mailbox.waitWhile(RUNS)
    }
    mailbox.stops = false
    real.asks = false
  }
}

function tooSlow({ name }: LogicalThread): CourseFailure {
  return new CourseFailure({ kind: 'error', message: `${name} did not come to its next step in ${PATIENCE} ms` })
}

function errorFrom(text: string): Error {
  const [name = 'Error', ...message] = text.split('\n')
  const error = new Error(message.join('\n'))
  error.name = name
  return error
}

/** Loads {@link file://./real-thread.ts}. */
const threadModule = new URL('../checker/real-thread.js', import.meta.url)
