/** What queues say: in errors, and when they are printed. */
import { QueueEmpty, QueueFull, QueueShutDown, TimeoutError } from '../errors.ts'
import { summary } from '../sync/inspect.ts'

export interface QueueStatistics {
  /** How many items it holds. */
  readonly size: number
  readonly maxSize: number
  /** How many tasks wait for an item. */
  readonly getters: number
  /** How many tasks wait for room. */
  readonly putters: number
  /** How many items were put for which `taskDone` has not been called. */
  readonly unfinished: number
  /** How many tasks wait until no item is unfinished. */
  readonly joiners: number
  readonly isShutDown: boolean
}

// `queue`: its class and name, such as `Queue "jobs"`. `timeout`: how long it was waited, in ms.

export function isFull(queue: string, size: number, timeout: number): QueueFull {
  return new QueueFull(`the ${queue} is full (${items(size)})${after('was', timeout)}`)
}

export function isEmpty(queue: string, timeout: number): QueueEmpty {
  return new QueueEmpty(`the ${queue} is empty${after('was', timeout)}`)
}

export function isUnfinished(queue: string, unfinished: number, timeout: number): TimeoutError {
  return new TimeoutError(`the ${queue} has ${items(unfinished, 'unfinished ')}${after('had', timeout)}`)
}

export function refusesItems(queue: string): QueueShutDown {
  return new QueueShutDown(`cannot put into the ${queue}: it was shut down`)
}

export function hasNoMoreItems(queue: string): QueueShutDown {
  return new QueueShutDown(`the ${queue} was shut down, and has no more items`)
}

/** Such as `Queue "jobs" { 2 of 10 items, 3 unfinished, 1 getting }`. */
export function look(type: string, name: string, statistics: QueueStatistics): string {
  const { size, maxSize, getters, putters, unfinished, isShutDown } = statistics
  const isBounded = maxSize !== 0 && maxSize !== Infinity
  return summary(
    type,
    name,
    isBounded ? `${size} of ${items(maxSize)}` : items(size),
    unfinished === 0 ? undefined : `${unfinished} unfinished`,
    getters === 0 ? undefined : `${getters} getting`,
    putters === 0 ? undefined : `${putters} putting`,
    isShutDown ? 'shut down' : undefined,
  )
}

/** Such as `1 item`, `2 unfinished items`. */
export function items(count: number, which = ''): string {
  return `${count} ${which}item${count === 1 ? '' : 's'}`
}

function after(verb: string, timeout: number): string {
  return timeout === 0 ? '' : `, and still ${verb} after ${timeout} ms`
}
