/**
 * The relay: a thread that passes bytes on between a thread of this process and its agent in another. It does so while the
 * thread is blocked, which is why it is one of its own.
 *
 * Started by {@link file://./link.ts}.
 */
import { add, notify, store } from '../memory/atomics.ts'
import { connectLocally } from '../platform/local-socket.ts'
import { bootData, portOf } from '../platform/threads.ts'
import { MessageStream } from './message-stream.ts'
import { type AgentAddress, ARRIVED, type Knock, LOST, type RelayBoot, type Welcome } from './protocol.ts'

/** Milliseconds until the door has to be open. */
const PATIENCE = 20_000

const { port: far, words, door, name } = bootData() as RelayBoot
const port = portOf(far)

function arrived(): void {
  add(words, ARRIVED, 1)
  notify(words, ARRIVED, Infinity)
}

function lose(why: string): void {
  // In this order: who is blocked looks at the word last.
  port.post(why)
  store(words, LOST, 1)
  arrived()
}

/** Resolves to where the agent is. The stream to the door stays open: that it closes says that this process has ended. */
async function knock(): Promise<AgentAddress> {
  const stream = new MessageStream(await connectLocally(door.socket, PATIENCE))
  return new Promise((resolve, reject) => {
    stream.listen(
      message => {
        const welcome = message as Welcome
        if ('refusal' in welcome) reject(new Error(welcome.refusal))
        else resolve(welcome)
      },
      () => {
        lose('the process that owns it has ended')
        reject(new Error('the process that owns it has ended'))
      },
    )
    stream.send({ password: door.password, name } satisfies Knock)
  })
}

try {
  const agent = await knock()
  const bytes = await connectLocally(agent.socket, PATIENCE)
  bytes.listen(
    piece => {
      // Not by `slice`, which for a Buffer is no copy.
      const copy = new Uint8Array(piece)
      port.post(copy, [copy.buffer])
      arrived()
    },
    () => lose('the process that owns it has ended'),
  )
  new MessageStream(bytes).send(agent.password)
  port.listen(
    piece => bytes.write(piece as Uint8Array),
    error => lose(error.message),
  )
  // Not before: what is asked for in the meantime waits in the port.
  port.ref()
} catch (error) {
  lose(`the process that owns it cannot be reached: ${(error as Error).message}`)
}
