/**
 * The run of a gather. All its functions share one scope and one context, and there are no tasks: what a function costs
 * beyond its call is what `Promise.all` costs, or with a limit a turn of one of so many loops. Who wants a name, a state
 * or a cancellation of its own for each piece of work spawns them in a TaskGroup.
 *
 * As long as all goes well nobody listens to single promises. With the first error each is given a listener of its own.
 */
import { type FutureLike, stopWork } from '../completion/future-like.ts'
import { describe, isThenable } from '../options/describe.ts'
import { CancelScope, labelOf, type Work } from './cancel-scope.ts'
import { cancellation, without } from './cancellation.ts'
import { openScope, runIn } from './current-scope.ts'
import { Deadline } from './deadline.ts'
import type { Gatherable, GatherOptions } from './gather.ts'
import { GroupErrors } from './group-errors.ts'
import { emptied, throwReason } from './scope-end.ts'
import { ScopeContext, type TaskContext, type TaskFn } from './task-context.ts'

/** A task or a future among the inputs, and what lets go of it when nobody can stop it. */
interface Followed {
  readonly it: FutureLike<unknown>
  readonly letGo: (reason: Error) => void
}

export class Gathering implements Work {
  readonly kind = 'gather'
  readonly name: string
  readonly #options: GatherOptions
  readonly #scope: CancelScope
  readonly #context: TaskContext
  readonly #errors = new GroupErrors()
  readonly #inPlace: boolean
  #followed: Followed[] | undefined = undefined
  /** Whether there is a promise among the values. */
  #waits = false

  constructor(options: GatherOptions) {
    const { name = '', signal, timeout = Infinity, returnExceptions = false } = options
    this.name = name
    this.#options = options
    this.#inPlace = returnExceptions
    this.#scope = new CancelScope(this, openScope())
    this.#context = new ScopeContext(this.#scope)
    if (signal !== undefined) this.#scope.follow(signal)
    if (timeout !== Infinity) void new Deadline(this.#scope, timeout)
  }

  /** Resolves to the results, or rejects with what it comes to, when nothing of it runs any more. */
  async run(entries: readonly Gatherable[]): Promise<unknown[]> {
    const { limit = Infinity, errors = 'first' } = this.#options
    const scope = this.#scope
    const results =
      limit < entries.length ? await this.#runInLanes(entries, limit) : await this.#settled(this.#beginAll(entries))
    // What a function has begun and not awaited, such as a timeout, is a child of the scope.
    if (scope.first !== undefined) await emptied(scope)
    scope.close()
    const failure = this.#errors.outcome(labelOf(this), errors)
    if (failure !== undefined) throw failure.error
    if (scope.reason !== undefined) throwReason(scope, this.#options)
    return results
  }

  /** Calls all functions. Returns what they return, promises as they are. */
  #beginAll(entries: readonly Gatherable[]): unknown[] {
    // In the scope as a whole: entering it for each function would cost more than all else that is done for one.
    const values: unknown[] = entries.slice()
    runIn(this.#scope, () => {
      for (let index = 0; index < values.length; index++) values[index] = this.#begin(values[index] as Gatherable)
    })
    return values
  }

  #begin(entry: Gatherable): unknown {
    if (typeof entry !== 'function') return this.#follow(entry)
    if (this.#scope.reason !== undefined) return undefined
    try {
      const value = entry(this.#context)
      if (!isThenable(value)) return value
      this.#waits = true
      // What is no promise may begin its work whenever it is asked, so it is asked once.
      return Promise.resolve(value)
    } catch (error) {
      if (this.#inPlace) return asError(error)
      this.#fail(error)
      return undefined
    }
  }

  async #settled(values: unknown[]): Promise<unknown[]> {
    if (!this.#waits) return values
    if (this.#inPlace) return (await Promise.allSettled(values)).map(inPlace)
    try {
      return await Promise.all(values)
    } catch (error) {
      this.#fail(error)
      let isFirst = true
      const also = (other: unknown): void => {
        if (isFirst && other === error) isFirst = false
        else this.#fail(other)
      }
      await Promise.all(values.filter(isThenable).map(promise => promise.then(ignore, also)))
      return values
    }
  }

  /** So many loops, each of which calls the next function when it is through with one. */
  async #runInLanes(entries: readonly Gatherable[], limit: number): Promise<unknown[]> {
    const results: unknown[] = entries.slice()
    const fns = results as (TaskFn<unknown> | undefined)[]
    const scope = this.#scope
    const context = this.#context
    let next = 0
    const runLane = async (): Promise<void> => {
      while (next < entries.length && scope.reason === undefined) {
        const index = next++
        const fn = fns[index]
        if (typeof fn !== 'function') continue
        try {
          const value = fn(context)
          results[index] = isThenable(value) ? await value : value
        } catch (error) {
          if (this.#inPlace) results[index] = asError(error)
          else this.#fail(error)
        }
      }
    }
    const rest = entries.map((entry, index) =>
      typeof entry === 'function' ? undefined : this.#keep(entry, index, results),
    )
    const lanes = runIn(scope, () => Array.from({ length: limit }, runLane))
    await Promise.all(lanes.concat(rest.filter(each => each !== undefined)))
    return results
  }

  async #keep(it: FutureLike<unknown>, index: number, results: unknown[]): Promise<void> {
    try {
      results[index] = undefined
      results[index] = await this.#follow(it)
    } catch (error) {
      if (this.#inPlace) results[index] = asError(error)
      else this.#fail(error)
    }
  }

  /** Its outcome. When the gather is cancelled it is stopped and waited for; what nobody can stop is let go of. */
  #follow(it: FutureLike<unknown>): Promise<unknown> {
    this.#waits = true
    return new Promise((resolve, reject) => {
      it.then(resolve, reject)
      this.#watch().push({ it, letGo: reject })
    })
  }

  #watch(): Followed[] {
    if (this.#followed === undefined) {
      const followed: Followed[] = (this.#followed = [])
      this.#scope.listen(reason => {
        for (const { it, letGo } of followed) if (!stopWork(it, reason) && !it.done()) letGo(reason as Error)
      })
    }
    return this.#followed
  }

  #fail(error: unknown): void {
    const { reason } = this.#scope
    const left = reason === undefined ? { error } : without(reason, error)
    if ('nothing' in left) return
    this.#errors.add(left.error)
    this.#scope.cancel(cancellation(`another part of the ${labelOf(this)} failed`, 'sibling', { cause: left.error }))
  }
}

function inPlace(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === 'fulfilled' ? outcome.value : asError(outcome.reason)
}

/** In the place of a result, what is no Error could be taken for one. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`${describe(error)} was thrown`, { cause: error })
}

function ignore(): void {}
