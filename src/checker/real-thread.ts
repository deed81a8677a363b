/**
 * The boot file of a real thread under the checker: it runs its body again and again, and asks for everything that it does
 * to shared memory. Started by {@link file://./real-stage.ts}.
 */
import { setClock } from '../limits/clock.ts'
import { attachHook, type Bits, newBuffer, type SchedulerHook, type TypedArray } from '../memory/atomics.ts'
import { ASKS, HAS_ENDED, HAS_THROWN, Mailbox, RESTS } from '../memory/mailbox.ts'
import { performNow } from '../memory/perform.ts'
import { enterThreadTable, isSettled, threadTable } from '../memory/thread-table.ts'
import { bootData } from '../platform/threads.ts'
import { inheritHooks } from '../platform/inherited-hooks.ts'
import { loadTypeScript } from '../platform/typescript.ts'
import { Log } from './log.ts'
import { type CheckTest, programOf } from './program.ts'
import { buffersOf, operations, type RealBoot, views } from './real-request.ts'

const boot = bootData() as RealBoot
const mailbox = new Mailbox(boot.mailbox)
const setup = new Log('setup')
setup.learn(boot.setup)
const numbers = new Map(buffersOf(boot.setup, boot.table).map((buffer, number) => [buffer, number]))
const operationNumbers = new Map(operations.map((operation, number) => [operation, number]))
/** Thrown to leave the body. */
const STOP = {}
let isSettingUp = false
let time = 0

function ask(
  operation: (typeof operations)[number],
  cells: TypedArray,
  index: number,
  a?: Bits,
  b?: Bits,
): Bits | undefined {
  if (mailbox.stops) throw STOP
  mailbox.writeRequest(0, operationNumbers.get(operation)!)
  mailbox.writeRequest(1, numbers.get(cells.buffer as SharedArrayBuffer)!)
  mailbox.writeRequest(
    2,
    views.findIndex(view => cells instanceof view),
  )
  mailbox.writeRequest(3, cells.byteOffset)
  mailbox.writeRequest(4, index)
  mailbox.writeValue(0, a)
  mailbox.writeValue(1, b)
  mailbox.set(ASKS)
  mailbox.waitWhile(ASKS)
  if (mailbox.stops) throw STOP
  return mailbox.value(2)
}

const hook: SchedulerHook = {
  plays: true,
  perform(operation, cells, index, a, b) {
    if (isSettingUp) return setup.next(operation, index) as Bits
    const isKnown = numbers.has(cells.buffer as SharedArrayBuffer)
    if (!isKnown || (operation === 'load' && cells === threadTable() && isSettled(index))) {
      return performNow(operation, cells, index, a, b)
    }
    return ask(operation, cells, index, a, b)!
  },
  wait(words, index, value, timeout) {
    const result = ask('wait', words, index, value, timeout)
    if (result === 2) time += timeout
    return result === 0 ? 'ok' : result === 1 ? 'not-equal' : 'timed-out'
  },
  allocate(bytes) {
    return isSettingUp ? (setup.next('allocate', bytes) as SharedArrayBuffer) : newBuffer(bytes)
  },
  beginWait() {},
}

await loadTypeScript()
await inheritHooks()
const { [boot.exported]: test } = (await import(boot.module)) as Record<string, CheckTest<unknown>>
const program = programOf(test!)
enterThreadTable({ table: boot.table, identity: boot.identity, file: undefined })
setClock({ now: () => time, alarm: () => () => {} })
attachHook(hook)
for (;;) {
  mailbox.set(RESTS)
  mailbox.waitWhile(RESTS)
  let end = HAS_ENDED
  try {
    time = 0
    isSettingUp = true
    setup.position = 0
    const body = program.build().bodies[boot.number]!
    isSettingUp = false
    body()
  } catch (error) {
    if (!mailbox.stops) {
      end = HAS_THROWN
      mailbox.text = error instanceof Error ? `${error.name}\n${error.message}` : `Error\n${String(error)}`
    }
  }
  mailbox.set(end)
  mailbox.waitWhile(end)
}
