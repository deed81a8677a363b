/**
 * The scenery: what the threads share, and the table in which they are entered. It is made once. Each time that a thread
 * is played the program's setup is called again, for handles that have no past; it is given the same memory as the first
 * time.
 */
import { type Bits, newBuffer as plainBuffer, type Operation, type TypedArray } from '../memory/atomics.ts'
import { forbidNaps } from '../memory/parking-lot.ts'
import {
  claimPlace,
  exchangeThreadTable,
  isSettled,
  type OpenTable,
  ownIdentity,
  playThread,
  threadTable,
} from '../memory/thread-table.ts'
import { holderOf } from '../memory/thread-waits.ts'
import { Log, type LogEntries } from './log.ts'
import { LogicalThread } from './logical-thread.ts'
import { Names } from './names.ts'
import type { Built, Program } from './program.ts'
import { World } from './world.ts'

const NO_TABLE: OpenTable = { words: undefined, own: 0 }

export class Scenery {
  readonly world: World = new World()
  readonly names: Names = new Names()
  threads: readonly LogicalThread[] = []
  readonly #program: Program
  readonly #setup = new Log('setup')
  #table: OpenTable = NO_TABLE
  #main = 0
  /** What the world was when everything had been made. */
  #mark = -1
  /** The check at the end may use what it likes. */
  #isFree = false

  constructor(program: Program) {
    this.#program = program
  }

  /** Puts its own table of threads in place. Returns what takes it away. */
  enter(): () => void {
    const before = exchangeThreadTable(this.#table)
    return () => {
      this.#table = exchangeThreadTable(before)
    }
  }

  /** Everything is as it was in the beginning; the first time it is made. */
  begin(): void {
    playThread(this.#main)
    for (const thread of this.threads) thread.reset()
    if (this.#mark >= 0) return
    this.#isFree = true
    this.#main = ownIdentity()
    forbidNaps(true)
    this.#isFree = false
    this.names.learn(this.#program.build().shared)
    this.#isFree = true
    this.threads = this.#program.names.map((name, number) => new LogicalThread(number, name, claimPlace(name).identity))
    this.#isFree = false
    this.#mark = this.world.mark
  }

  end(): void {
    this.#isFree = false
    if (this.#mark >= 0) this.world.reset(this.#mark)
  }

  /** Makes the program once more, over the same memory. */
  build(isRecorded: boolean): Built {
    this.#setup.position = 0
    playThread(this.#main)
    const built = this.#program.build()
    if (isRecorded) this.names.learn(built.shared)
    return built
  }

  check(): unknown {
    const { check } = this.build(false)
    this.#isFree = true
    return check()
  }

  perform(operation: Operation, cells: TypedArray, index: number, a?: Bits, b?: Bits): Bits {
    if (this.#isFree) return this.world.perform(operation, cells, index, a, b)
    if (this.#mark >= 0) return this.#setup.next(operation, index) as Bits
    const result = this.world.perform(operation, cells, index, a, b)
    this.#setup.add(operation, index, result)
    return result
  }

  allocate(bytes: number): SharedArrayBuffer {
    if (this.#isFree) return this.newBuffer(bytes)
    if (this.#mark >= 0) return this.#setup.next('allocate', bytes) as SharedArrayBuffer
    const buffer = this.newBuffer(bytes)
    this.#setup.add('allocate', bytes, buffer)
    return buffer
  }

  newBuffer(bytes: number): SharedArrayBuffer {
    return plainBuffer(bytes)
  }

  nameOfCell(cell: number): string {
    const { buffer, byte } = this.world.numbers.placeOf(cell)
    return this.names.ofCell(buffer, byte)
  }

  /** What setup did, and the table of threads: for those who set up the same in another thread. */
  get sent(): { readonly setup: LogEntries; readonly table: SharedArrayBuffer } {
    return { setup: this.#setup.entries, table: threadTable().buffer }
  }

  /** Whether a word is one of the thread table that does not change as long as nobody comes or goes. */
  isSettled(cells: TypedArray, index: number): boolean {
    return cells === threadTable() && isSettled(index)
  }

  /** Who holds what the thread is about to sleep for; 0 if nobody does. */
  holderOf({ identity }: LogicalThread): number {
    return holderOf(identity)
  }
}
