/**
 * Eight threads and the main one hammer at locks, semaphores and events, while threads are killed at random moments.
 * MULTITASK_STRESS is the number of operations: 10 million before a release.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Event, type Future, Lock, Semaphore, ThreadPoolExecutor, waiters } from 'multitask'
import { forbidNaps } from '../../dist/memory/parking-lot.js'
import * as hammer from '../fixtures/hammer.ts'

const OPERATIONS = Number(process.env['MULTITASK_STRESS'] ?? 100_000)
const SEED = Number(process.env['MULTITASK_SEED'] ?? Date.now() % 1_000_000)
const ROUND = 400_000
const THREADS = 8
/** Deno lets a busy thread go on that it was told to end; the sums would change while they are looked at. */
const KILLS = 'Deno' in globalThis ? 0 : 8
/** In ms. If nothing at all is done for so long, it hangs. */
const PATIENCE = 20_000

class Round {
  readonly ground: hammer.Ground = {
    words: new Int32Array(new SharedArrayBuffer(hammer.WORDS * 4)),
    locks: Array.from({ length: hammer.LOCKS }, (_, i) => new Lock({ name: `lock ${i}` })),
    semaphore: new Semaphore(hammer.PERMITS, { name: 'semaphore' }),
    gates: Array.from({ length: hammer.GATES }, (_, i) => new Event({ name: `gate ${i}` })),
  }
  readonly #random: (limit: number) => number
  readonly #pool: ThreadPoolExecutor
  readonly #running = new Map<number, { call: Future<number>; kill: AbortController }>()
  readonly #perTask: number
  readonly #ends: Promise<unknown>[] = []
  #tasks = 0
  #stopped = false
  killed = 0
  /** Those that were killed where they may have had a permit. */
  doubtful = 0

  constructor(pool: ThreadPoolExecutor, operations: number, seed: number) {
    this.#pool = pool
    this.#random = hammer.randomNumbers(seed)
    this.#perTask = Math.ceil(operations / (THREADS + 1))
  }

  async run(): Promise<void> {
    for (let i = 0; i < THREADS; i++) this.#start()
    this.#ends.push(hammer.hammerAwaiting(this.ground, this.#orders(), true))
    let over = false
    const all = this.#allEnd().finally(() => (over = true))
    let [kills, nextKill] = [KILLS, 0]
    let [done, since] = [0, performance.now()]
    try {
      while (!over) {
        this.#openGates()
        const sum = this.#sum(hammer.DONE, hammer.TASKS)
        if (sum !== done) [done, since] = [sum, performance.now()]
        else if (performance.now() - since > PATIENCE) assert.fail(this.#report())
        if (kills > 0 && sum > nextKill && this.#kill()) {
          kills--
          nextKill = sum + this.#random(this.#perTask)
        }
        await new Promise(resolve => setTimeout(resolve, 1))
      }
      await all
    } finally {
      this.#stopped = true
      for (const { kill } of this.#running.values()) kill.abort()
    }
  }

  /** Also of those that begin in the meantime. */
  async #allEnd(): Promise<void> {
    for (let end = this.#ends.shift(); end !== undefined; end = this.#ends.shift()) await end
  }

  /** Everything is where it was, but for what a killed thread may have had in its hands. */
  check(): void {
    const { words, locks, semaphore } = this.ground
    let broken = 0
    for (const [i, lock] of locks.entries()) {
      let own = 0
      for (let each = 0; each < hammer.TASKS; each++) own += words[hammer.OWN_VISITS + each * hammer.LOCKS + i]!
      const { broken: isBroken, locked, waiters: waiting } = lock.statistics()
      const lost = words[hammer.VISITS + i]! - own
      if (isBroken) broken++
      assert.ok(lost === 0 || (isBroken && lost === 1), `${lost} visits of ${lock.name} are lost`)
      assert.deepEqual([locked, waiting], [isBroken, 0], lock.name)
    }
    assert.ok(broken <= this.killed, `${broken} locks are broken, and ${this.killed} threads were killed`)
    const given = words[hammer.GIVEN]!
    const all = hammer.PERMITS + given
    assert.equal(given, this.doubtful)
    assert.ok(
      semaphore.value <= all && semaphore.value >= hammer.PERMITS,
      `${semaphore.value} of ${all} permits are left`,
    )
    assert.ok(words[hammer.MOST]! <= all, `${words[hammer.MOST]} were inside with ${all} permits`)
    assert.deepEqual(waiters(), [])
  }

  #orders(): hammer.Orders {
    return { task: this.#tasks++, seed: this.#random(2 ** 31), operations: this.#perTask }
  }

  #start(): void {
    const orders = this.#orders()
    const kill = new AbortController()
    const view = this.#pool.with({ signal: kill.signal, grace: 0 })
    const call: Future<number> =
      orders.task % 2 === 0
        ? view.submit(hammer.hammerBlocking, this.ground, orders)
        : view.submit(hammer.hammerAwaiting, this.ground, orders, false)
    this.#running.set(orders.task, { call, kill })
    this.#ends.push(
      call.then(
        () => this.#running.delete(orders.task),
        (error: Error) => this.#buried(orders.task, error),
      ),
    )
  }

  #kill(): boolean {
    const alive = [...this.#running].filter(([, { call, kill }]) => call.running() && !kill.signal.aborted)
    if (alive.length === 0 || this.#tasks === hammer.TASKS) return false
    alive[this.#random(alive.length)]![1].kill.abort()
    this.killed++
    return true
  }

  /** Another takes the place of one that was killed. */
  #buried(number: number, error: Error): void {
    this.#running.delete(number)
    if (this.#stopped) return
    if (error.name !== 'CancelledError') throw error
    const { words, semaphore } = this.ground
    if (words[hammer.PLACE + number] === hammer.AT_SEMAPHORE) {
      this.doubtful++
      words[hammer.GIVEN]!++
      semaphore.release()
    }
    this.#start()
  }

  /** Sets each gate once, when somebody has come to it. */
  #openGates(): void {
    const { words, gates } = this.ground
    for (let i = 0; i < this.#tasks; i++) {
      if (Atomics.load(words, hammer.PLACE + i) !== hammer.AT_GATE) continue
      gates[(words[hammer.STAGES + i]! - 1) % hammer.GATES]!.set()
    }
  }

  #sum(from: number, length: number): number {
    return this.ground.words.subarray(from, from + length).reduce((sum, n) => sum + n, 0)
  }

  #report(): string {
    const { words, semaphore } = this.ground
    const places = [...words.subarray(hammer.PLACE, hammer.PLACE + this.#tasks)].join()
    return `it hangs: ${JSON.stringify(waiters(), undefined, 1)} places ${places} ${JSON.stringify(semaphore.statistics())}`
  }
}

void test(
  `locks: ${OPERATIONS} operations in ${THREADS} threads, some of which are killed`,
  {
    timeout: 60_000 + OPERATIONS / 5,
  },
  async t => {
    const pool = new ThreadPoolExecutor({ maxWorkers: THREADS, name: 'crew' })
    t.diagnostic(`MULTITASK_SEED=${SEED}`)
    let killed = 0
    // Who is not called must not be saved by looking again.
    forbidNaps(true)
    try {
      for (let done = 0, round = 0; done < OPERATIONS; done += ROUND, round++) {
        const each = new Round(pool, Math.min(ROUND, OPERATIONS - done), SEED + round)
        await each.run()
        each.check()
        killed += each.killed
      }
    } finally {
      await pool.shutdown({ cancelFutures: true })
    }
    assert.ok(killed > 0 || KILLS === 0)
    t.diagnostic(`${killed} threads were killed`)
  },
)
