/**
 * Where code that was transformed for the checker calls it: at each `await`, at each turn of a `for await`, at the end of
 * an `await using`. See {@link file://./../transform/edits.ts} for what is written there.
 *
 * The calls go by a property of the global object, which is there only while a schedule of async functions runs. An import
 * would not do: a function that is sent to another thread as text may have no name in it that the text does not explain.
 */

export interface AwaitPoints {
  /** In the place of what is awaited. Returns it, or a promise for it. */
  readonly at: (value: unknown, text: string) => unknown
  /** In the place of what a `for await` goes through. */
  readonly each: (items: unknown, text: string) => unknown
  /** In the place of the resource of an `await using`. */
  readonly resource: (value: unknown, text: string) => unknown
}

interface Host {
  __multitask?: AwaitPoints | undefined
}

/** Stands at the awaits, or goes away. Returns who stood there. */
export function standAtAwaits(next: AwaitPoints | undefined): AwaitPoints | undefined {
  const host = globalThis as Host
  const before = host.__multitask
  host.__multitask = next
  return before
}

type At = AwaitPoints['at']
type Step = { readonly done?: boolean; readonly value: unknown }

/** All of them, made of the first. `isHere`: whether whoever calls is to be stopped at all. */
export function pointsOf(at: At, isHere: () => boolean): AwaitPoints {
  return {
    at,
    each: (items, text) => (isHere() && Object(items) === items ? eachOf(items as Items, text, at) : items),
    resource: (value, text) => (isHere() && Object(value) === value ? resourceOf(value as Resource, text, at) : value),
  }
}

type Items = Partial<AsyncIterable<unknown> & Iterable<unknown>>

/** What does not look as it should is left for the runtime to refuse. */
function eachOf(items: Items, text: string, at: At): Items {
  const iterator = items[Symbol.asyncIterator]?.()
  if (iterator === undefined)
    return items[Symbol.iterator] === undefined ? items : syncEach(items as Iterable<unknown>, text, at)
  return asIterable({
    next: () => at(iterator.next(), text) as Promise<IteratorResult<unknown>>,
    ...(iterator.return && { return: () => at(iterator.return!(), text) as Promise<IteratorResult<unknown>> }),
  })
}

/** The items of an iterable that is not asynchronous are awaited one by one. */
function syncEach(items: Iterable<unknown>, text: string, at: At): AsyncIterable<unknown> {
  const iterator = items[Symbol.iterator]()
  const settled = async (step: Step): Promise<IteratorResult<unknown>> => {
    const value = await at(step.value, text)
    return { done: step.done === true, value }
  }
  return asIterable({
    async next() {
      const step = iterator.next()
      try {
        return await settled(step)
      } catch (error) {
        if (step.done !== true) iterator.return?.()
        throw error
      }
    },
    ...(iterator.return && { return: async () => settled(iterator.return!()) }),
  })
}

function asIterable(iterator: AsyncIterator<unknown>): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => iterator }
}

type Resource = Partial<AsyncDisposable & Disposable>

function resourceOf(resource: Resource, text: string, at: At): Resource {
  const dispose = resource[Symbol.asyncDispose]
  const disposeSync = resource[Symbol.dispose]
  if (typeof dispose !== 'function' && typeof disposeSync !== 'function') return resource
  return {
    async [Symbol.asyncDispose]() {
      if (typeof dispose === 'function') await at(dispose.call(resource), text)
      else {
        disposeSync!.call(resource)
        await at(undefined, text)
      }
    },
  }
}
