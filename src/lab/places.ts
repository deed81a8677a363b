/**
 * The same two pieces of work in four places: one thread, two threads, two threads with a GIL, two processes.
 *
 * Each worker is an executor of its own with a single worker, so that it is known who does which piece. Who works notes the
 * time itself, by a clock that all threads and processes share: what the main thread sees is late.
 */
import { Gil } from '../gil/index.ts'
import { type Executor, ProcessPoolExecutor, ThreadPoolExecutor } from '../index.ts'
import type { Lane, Span } from './lanes.ts'
import type { Piece, Worked } from './pieces.ts'
import type { Stage } from './stage.ts'

/** What was seen in one place. Times in ms. */
export interface Seen {
  readonly place: string
  readonly wall: number
  /** CPU time for each ms of wall time. */
  readonly cores: number
  /** One for each piece, from the moment when the first began. */
  readonly lanes: readonly Lane[]
  /** The GIL that was there. */
  readonly gil: Gil | undefined
  /** The names of the threads that did the pieces. */
  readonly threads: readonly string[]
}

interface Place {
  readonly name: string
  /** Who does the first piece, and who the second. */
  readonly workers: readonly Executor[]
  readonly gil?: Gil
  /** Whether each worker has the CPU time of a process to itself. */
  readonly apart?: boolean
}

const PIECES = [
  { letter: 'A', colour: 'blue' },
  { letter: 'B', colour: 'yellow' },
] as const

/** Workers for both pieces, in threads and in processes. */
export class Places {
  readonly #threads = PIECES.map(({ letter }) => new ThreadPoolExecutor({ maxWorkers: 1, name: letter }))
  readonly #processes = PIECES.map(({ letter }) => new ProcessPoolExecutor({ maxWorkers: 1, name: letter }))

  /** Has each worker do some of it, without a GIL and with one, so that it is loaded and compiled. */
  async warm(piece: Piece, amount: number): Promise<void> {
    const gil = new Gil()
    const workers = [...this.#threads, ...this.#processes]
    await Promise.all(workers.map(worker => worker.submit(piece, amount, undefined)))
    await Promise.all(this.#threads.map(worker => worker.submit(piece, amount, gil)))
  }

  /** How much of a core a piece takes by itself, in ms: what else this machine does is no part of it. */
  async time(piece: Piece, amount: number): Promise<number> {
    const { cpuBegan, cpuEnded } = await this.#threads[0]!.submit(piece, amount, undefined)
    return cpuEnded - cpuBegan
  }

  /** Runs both pieces in each place, one place after the other. */
  async compare(stage: Stage, piece: Piece, amount: number): Promise<Seen[]> {
    const alone = this.#threads[0]!
    const places: readonly Place[] = [
      { name: '1 thread', workers: [alone, alone] },
      { name: '2 threads', workers: this.#threads },
      { name: '2 threads, GIL', workers: this.#threads, gil: new Gil() },
      { name: '2 processes', workers: this.#processes, apart: true },
    ]
    const seen: Seen[] = []
    for (const place of places) {
      stage.note(place.name)
      const works = await Promise.all(place.workers.map(worker => worker.submit(piece, amount, place.gil)))
      seen.push(seenIn(place, works))
    }
    return seen
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads, ...this.#processes].map(worker => worker.shutdown()))
  }
}

function seenIn({ name, gil, apart = false }: Place, works: readonly Worked[]): Seen {
  const began = Math.min(...works.map(work => work.began))
  const wall = Math.max(...works.map(work => work.ended)) - began
  const lanes = works.map((work, index) => {
    const { letter, colour } = PIECES[index]!
    const before: Span = { from: 0, to: work.began - began, state: 'ready' }
    const spans = work.spans.map(({ from, to, state }) => ({ from: from - began, to: to - began, state }))
    return { name: letter, colour, spans: [before, ...spans] }
  })
  return { place: name, wall, cores: cpuOf(works, apart) / wall, lanes, gil, threads: works.map(work => work.thread) }
}

/** Threads see the CPU time of all of their process, and have seen the same; that of processes adds up. */
function cpuOf(works: readonly Worked[], apart: boolean): number {
  if (apart) return works.reduce((sum, { cpuBegan, cpuEnded }) => sum + cpuEnded - cpuBegan, 0)
  return Math.max(...works.map(work => work.cpuEnded)) - Math.min(...works.map(work => work.cpuBegan))
}
