/**
 * The watchdog: a second thread in each process that runs calls. It hears the parent while the first is busy.
 *
 * - When the parent ends, however it does, the system closes the stream, and the process ends: at first by itself, then,
 *   if its first thread is in a loop that never looks up, by force. No process is left behind.
 * - A request to stop goes to the first thread by a port and a word of shared memory, so that a task in a loop can ask for it.
 * - Calls that wait behind a long one are given back (stream-gate.ts).
 */
import { endProcess } from '../platform/exit.ts'
import { CONTROL } from '../platform/processes.ts'
import { inheritedStream } from '../platform/byte-stream.ts'
import { fromBytes, toBytes } from '../platform/serialize.ts'
import { bootData, portOf } from '../platform/threads.ts'
import { noteCancel } from '../wire/cancel-words.ts'
import { FrameReader } from '../wire/frame-reader.ts'
import { FrameWriter } from '../wire/frame-writer.ts'
import type { WatchdogAnswer, WatchdogMessage } from '../wire/message.ts'
import { CANCELS, takeBackUpTo } from '../wire/stream-gate.ts'

/** Milliseconds that the first thread has to end the process itself. */
const GRACE = 200

export interface WatchdogBoot {
  readonly words: Int32Array
  readonly port: unknown
}

const boot = bootData() as WatchdogBoot
const port = portOf(boot.port)
const stream = await inheritedStream(CONTROL)
const writer = new FrameWriter(stream)

function hear(bytes: Uint8Array): void {
  const message = fromBytes(bytes) as WatchdogMessage
  if (message.type === 'cancel') {
    port.post(bytes)
    noteCancel(boot.words, CANCELS, message.serial)
    return
  }
  const first = takeBackUpTo(boot.words, message.count)
  writer.message(toBytes({ type: 'recalled', first } satisfies WatchdogAnswer))
  writer.flush()
}

const reader = new FrameReader({ message: hear, record: endProcess, hello: endProcess })
stream.listen(
  bytes => reader.read(bytes),
  () => setTimeout(endProcess, GRACE),
)
