/** The stand-in for a SharedQueue of another process. What is put is copied at once, as it is there. */
import { QueueShutDown } from '../errors.ts'
import { checkOptions, ofType } from '../options/option-rules.ts'
import type { QueueShutdownOptions } from '../queue/bounded-buffer.ts'
import type { QueueStatistics } from '../queue/sentences.ts'
import { SharedIterator } from '../queue/shared-iterator.ts'
import { SharedQueue } from '../queue/shared-queue.ts'
import { here } from '../queue/taken.ts'
import type { BlockOptions, WaitOptions } from '../sync/options.ts'
import { passesFor, type Public } from './passes-for.ts'
import type { Remote } from './remote.ts'
import { seal } from './sealing.ts'

export class RemoteQueue<T> implements Public<SharedQueue<T>> {
  static {
    passesFor(RemoteQueue, SharedQueue)
  }

  readonly name: string
  readonly #remote: Remote

  constructor(remote: Remote, name: string) {
    this.#remote = remote
    this.name = name
  }

  put(item: T, options?: WaitOptions): Promise<void> {
    try {
      const sealed = seal(item, 'item')
      if (options === undefined) return this.#remote.tell('put', sealed)
      return this.#remote.ask('put', [sealed], options) as Promise<void>
    } catch (error) {
      return rejection(error as Error)
    }
  }

  putSync(item: T, options?: BlockOptions): void {
    this.#remote.block('putSync', [seal(item, 'item')], options)
  }

  tryPut(item: T): void {
    this.#remote.now('tryPut', [seal(item, 'item')])
  }

  get(options?: WaitOptions): Promise<T> {
    return this.#remote.ask('get', [], options) as Promise<T>
  }

  getSync(options?: BlockOptions): T {
    return here(this.#remote.block('getSync', [], options)) as T
  }

  tryGet(): T {
    return here(this.#remote.now('tryGet')) as T
  }

  async join(options?: WaitOptions): Promise<void> {
    await this.#remote.ask('join', [], options)
  }

  joinSync(options?: BlockOptions): void {
    this.#remote.block('joinSync', [], options)
  }

  taskDone(): void {
    this.#remote.now('taskDone')
  }

  shutdown(options: QueueShutdownOptions = {}): void {
    const { immediate } = checkOptions(options, { immediate: ofType('boolean', 'a boolean') }, 'shutdown')
    this.#remote.now('shutdown', [immediate])
  }

  get size(): number {
    return this.#remote.now('size') as number
  }

  get maxSize(): number {
    return this.#remote.now('maxSize') as number
  }

  set maxSize(value: number) {
    this.#remote.now('setMaxSize', [value])
  }

  get empty(): boolean {
    return this.size === 0
  }

  get full(): boolean {
    return this.#remote.now('full') as boolean
  }

  get isShutDown(): boolean {
    return this.#remote.now('isShutDown') as boolean
  }

  statistics(): QueueStatistics {
    return Object.freeze(this.#remote.now('statistics') as QueueStatistics)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new SharedIterator<T>({
      now: () => undefined,
      later: signal => this.get({ signal }),
      isEnd,
    })
  }

  *itemsSync(): Generator<T, void, undefined> {
    for (;;) {
      let item: T
      try {
        item = this.getSync()
      } catch (error) {
        if (isEnd(error)) return
        throw error
      }
      yield item
    }
  }
}

function isEnd(error: unknown): boolean {
  return error instanceof QueueShutDown
}

function rejection(reason: Error): Promise<never> {
  return Promise.reject(reason)
}
