/** Programs for real threads, which find them here. */
import assert from 'node:assert/strict'
import { Lock, pipe, SharedQueue, SharedValue } from 'multitask'
import type { BuiltTest } from 'multitask/checker'

export function counter(): BuiltTest {
  const value = new SharedValue('i32')
  const body = (): void => {
    for (let i = 0; i < 3; i++) value.store(value.load() + 1)
  }
  return { threads: [body, body], check: () => value.load() }
}

export function lostUpdate(): BuiltTest {
  const value = new SharedValue('i32', 0, { name: 'counter' })
  const body = (): void => void (value.value += 1)
  return { threads: [body, body], check: () => assert.equal(value.value, 2, `it is ${value.value}`) }
}

export function locked(): BuiltTest {
  const lock = new Lock()
  const value = new SharedValue('i32')
  const body = (): void => lock.withSync(() => void (value.value += 1))
  return { threads: [body, body], check: () => assert.equal(value.value, 2) }
}

export function queue(): BuiltTest {
  const items = new SharedQueue<number>(1, { bytes: 1024 })
  return {
    threads: {
      producer: () => {
        items.putSync(1)
        items.putSync(2)
      },
      consumer: () => assert.deepEqual([items.getSync(), items.getSync()], [1, 2]),
    },
  }
}

export function thrower(): BuiltTest {
  return {
    threads: {
      ann: () => {
        throw new RangeError('no such thing')
      },
    },
  }
}

export function manyProducers(): BuiltTest {
  const items = new SharedQueue<number>(0, { bytes: 1024 })
  const sum = new SharedValue('i32')
  const take = (): void => void sum.add(items.getSync())
  return {
    threads: [() => items.putSync(1), () => items.putSync(2), take],
    check: () => assert.equal(sum.load() + (items.size === 1 ? items.tryGet() : NaN), 3),
  }
}

export function shutDown(): BuiltTest {
  const items = new SharedQueue<number>(0, { bytes: 1024 })
  const taken = new SharedValue('i32')
  return {
    threads: {
      consumer: () => {
        for (const item of items.itemsSync()) taken.add(item)
      },
      producer: () => {
        items.putSync(7)
        items.shutdown()
      },
    },
    check: () => assert.equal(taken.load(), 7),
  }
}

export function joined(): BuiltTest {
  const items = new SharedQueue<number>(0, { bytes: 1024 })
  const isDone = new SharedValue('bool')
  return {
    threads: {
      worker: () => {
        items.getSync()
        isDone.store(true)
        items.taskDone()
      },
      waiter: () => {
        items.putSync(1)
        items.joinSync()
        assert.equal(isDone.load(), true)
      },
    },
  }
}

export function pipeEnds(): BuiltTest {
  const [here, there] = pipe<number>({ bytes: 1024 })
  return {
    threads: {
      asks: () => {
        here.sendSync(1)
        assert.equal(here.recvSync(), 2)
        here.close()
      },
      answers: () => {
        for (const message of there.messagesSync()) there.sendSync(message + 1)
      },
    },
  }
}

/** The reader may come to the end before, between or after the messages. */
export function pipeClosed(): BuiltTest {
  const [here, there] = pipe<number>({ bytes: 1024, duplex: false })
  const sum = new SharedValue('i32')
  return {
    threads: {
      writer: () => {
        there.sendSync(1)
        there.sendSync(2)
        there.close()
      },
      reader: () => {
        for (const message of here.messagesSync()) sum.add(message)
      },
    },
    check: () => assert.equal(sum.load(), 3),
  }
}
