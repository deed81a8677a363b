/**
 * The pauses between tries: each `factor` times the one before it, up to a most, and a part of each at random.
 *
 * The random part is what keeps a thousand clients that a server has dropped from coming back in the same moment. Half of
 * the pause is kept as it is, so that no try follows at once (the "equal jitter" of AWS's article on backoff).
 */
import { describe } from '../options/describe.ts'
import { checkTimeout } from '../options/timeout.ts'
import { duration, ofType, type Rule, type Rules } from '../options/option-rules.ts'

export interface BackoffOptions {
  /**
   * The first pause, in ms; 100 by default. Or a function of the error and the number of the try that failed, such as for
   * a `Retry-After`; then there is no `factor`, and its pauses are not jittered.
   */
  readonly delay?: number | ((error: unknown, attempt: number) => number) | undefined
  /** By what each pause is longer than the one before it. 2 by default. */
  readonly factor?: number | undefined
  /** No pause is longer, in ms. 30 000 by default. */
  readonly maxDelay?: number | undefined
  /** Which part of each pause is random: 0 none, 1 all of it. 0.5 by default. */
  readonly jitter?: number | undefined
  /** Numbers from 0 up to 1, for tests that want the same ones each time. `Math.random` by default. */
  readonly random?: (() => number) | undefined
}

export const backoffRules: Rules<BackoffOptions> = {
  delay: (value, name) => typeof value === 'function' || duration(value, name),
  factor: between(1, Infinity),
  maxDelay: duration,
  jitter: between(0, 1),
  random: ofType('function', 'a function'),
}

export class Backoff {
  readonly #delay: number | ((error: unknown, attempt: number) => number)
  readonly #factor: number
  readonly #maxDelay: number
  readonly #jitter: number
  readonly #random: () => number

  constructor({ delay = 100, factor = 2, maxDelay = 30_000, jitter = 0.5, random = Math.random }: BackoffOptions) {
    this.#delay = delay
    this.#factor = factor
    this.#maxDelay = maxDelay
    this.#jitter = jitter
    this.#random = random
  }

  /** In ms, after the try with this number, from 1 on, has failed. Throws what a function given as `delay` throws. */
  pause(error: unknown, attempt: number): number {
    if (typeof this.#delay === 'function') {
      return Math.min(this.#maxDelay, checkTimeout(this.#delay(error, attempt), 'the delay'))
    }
    // A power that overflows is Infinity, which the most cuts down; but nothing times that is no number.
    const whole = this.#delay === 0 ? 0 : Math.min(this.#maxDelay, this.#delay * this.#factor ** (attempt - 1))
    return whole - whole * this.#jitter * this.#random()
  }
}

function between(least: number, most: number): Rule {
  return (value, name) => {
    if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${describe(value)}`)
    const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`
    if (!(value >= least && value <= most) || value === Infinity) {
      throw new RangeError(`${name} must be ${range}, not ${value}`)
    }
  }
}
