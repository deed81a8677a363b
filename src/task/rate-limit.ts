/**
 * rateLimit: at most so many starts in any interval of that length.
 *
 * A sliding window: the times of the last starts are kept, and the next one is allowed when the oldest of them has left
 * the interval. A token bucket takes less memory, but lets up to twice as many through within one interval, a saved
 * burst and what has flowed in meanwhile; a counter for each interval does so across the border of two. Whoever limits
 * himself does it because somebody else counts, and that one sees too many.
 */
import { TimeoutError } from '../errors.ts'
import { alarm, now } from '../limits/clock.ts'
import { onInterruption, throwIfInterrupted } from '../limits/interruption.ts'
import { describe } from '../options/describe.ts'
import { abortSignal, checkOptions, count, duration, type Rule, type Rules } from '../options/option-rules.ts'
import { checkFunction } from './task-function.ts'

export interface RateLimitOptions {
  /** How many starts there may be in any interval. */
  readonly limit: number
  /** In ms. */
  readonly interval: number
}

export interface RateLimitStatistics {
  readonly limit: number
  readonly interval: number
  /** How many wait for their turn. */
  readonly waiting: number
  /** How many could start now. */
  readonly free: number
}

interface WaitOptions {
  /** How long to wait at most, in ms; then a TimeoutError is thrown. 0 takes only what is free. */
  readonly timeout?: number | undefined
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

const waitRules: Rules<WaitOptions> = { timeout: duration, signal: abortSignal }

const positive: Rule = (value, name) => {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of milliseconds, not ${describe(value)}`)
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be more than 0 and finite, not ${value}`)
}

const rules: Rules<RateLimitOptions> = { limit: count(1), interval: positive }

/** Makes a limit of `limit` starts in any `interval` ms. Throws TypeError and RangeError for what is none. */
export function rateLimit(options: RateLimitOptions): RateLimit {
  const { limit, interval } = checkOptions(options, rules, 'rateLimit()')
  if (limit === undefined) throw new TypeError('rateLimit needs a limit: how many starts there may be in an interval')
  if (interval === undefined) throw new TypeError('rateLimit needs an interval, in milliseconds')
  return new RateLimit(limit, interval)
}

/** What `rateLimit` makes. It is awaited with `acquire()`, or put around a function with `wrap()`. */
export class RateLimit {
  readonly #limit: number
  readonly #interval: number
  /** When the last ones started; from `limit` of them on, the next takes the place of the oldest. */
  readonly #starts: number[] = []
  #oldest = 0
  /** In the order in which they asked. */
  readonly #waiting: Set<() => void> = new Set()
  #silence: (() => void) | undefined = undefined

  /** @internal */
  constructor(limit: number, interval: number) {
    this.#limit = limit
    this.#interval = interval
  }

  /**
   * Resolves when the caller may start; those who wait do so in the order in which they asked. Rejects with a TimeoutError
   * when `timeout` is up, and with the reason when the signal aborts or the task is cancelled: then its place is free for
   * the next.
   */
  async acquire(options: WaitOptions = {}): Promise<void> {
    const { timeout = Infinity, signal } = checkOptions(options, waitRules, 'acquire()')
    throwIfInterrupted(signal)
    if (this.tryAcquire()) return
    if (timeout === 0) throw new TimeoutError(`no start is free in the ${this.#label}`)
    const place = await this.#wait(timeout, signal)
    // That is when it starts: those who were let in together come here one after the other.
    this.#starts[place] = now()
  }

  /** Whether the caller may start at once. If so, that counts as a start. Nobody who waits is overtaken. */
  tryAcquire(): boolean {
    if (this.#waiting.size > 0 || this.#due() > 0) return false
    this.#start()
    return true
  }

  /**
   * The same function, which waits for its turn before it runs. Its arguments and its value are those of `fn`; what cancels
   * the task in which it is called ends the wait.
   */
  wrap<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => Promise<Awaited<R>> {
    checkFunction(fn, 'wrap')
    const acquire = (): Promise<void> => this.acquire()
    return async function limited(this: unknown, ...args: A): Promise<Awaited<R>> {
      await acquire()
      return await fn.apply(this, args)
    }
  }

  /** What it is like at this moment. */
  statistics(): RateLimitStatistics {
    const since = now() - this.#interval
    const used = this.#starts.filter(time => time > since).length
    return Object.freeze({
      limit: this.#limit,
      interval: this.#interval,
      waiting: this.#waiting.size,
      free: this.#waiting.size > 0 ? 0 : this.#limit - used,
    })
  }

  get #label(): string {
    return `rate limit of ${this.#limit} in ${this.#interval} ms`
  }

  /** Resolves to the place of the start among the others. */
  #wait(timeout: number, signal: AbortSignal | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail: (error: Error) => void = reject
      const leave = (): void => {
        release()
        this.#waiting.delete(begin)
        // Nobody waits: no alarm is left that would keep the program alive.
        if (this.#waiting.size === 0) this.#disarm()
      }
      const begin = (): void => {
        leave()
        resolve(this.#start())
      }
      const late = (): void => {
        leave()
        fail(new TimeoutError(`no turn within ${timeout} ms in the ${this.#label}`))
      }
      const stop = (reason: unknown): void => {
        leave()
        fail(reason as Error)
      }
      this.#waiting.add(begin)
      const release = onInterruption(timeout, signal, late, stop, `the ${this.#label}`)
      this.#arm()
    })
  }

  #start(): number {
    if (this.#starts.length < this.#limit) return this.#starts.push(now()) - 1
    const place = this.#oldest
    this.#starts[place] = now()
    this.#oldest = (place + 1) % this.#limit
    return place
  }

  /** In how many ms the next start is allowed. */
  #due(): number {
    if (this.#starts.length < this.#limit) return 0
    return this.#starts[this.#oldest]! + this.#interval - now()
  }

  #arm(): void {
    // A timer counts whole milliseconds, and would ring before the time.
    this.#silence ??= alarm(Math.ceil(this.#due()), () => this.#ring())
  }

  #ring(): void {
    this.#silence = undefined
    for (const begin of this.#waiting) {
      if (this.#due() > 0) break
      begin()
    }
    if (this.#waiting.size > 0) this.#arm()
  }

  #disarm(): void {
    this.#silence?.()
    this.#silence = undefined
  }
}
