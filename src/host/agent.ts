/**
 * The agent: a thread that does to things what a thread of another process asks for, in its name.
 *
 * To the things it is that thread: locks that it takes are held by it, what the client blocks for it blocks for, and when
 * the client dies the agent is ended, as if it had been killed itself. So nothing of what is written for threads has to
 * know that there are other processes.
 *
 * Started by {@link file://./doorkeeper.ts}.
 */
import { threadEnded } from '../memory/parking-lot.ts'
import { enterThreadTable } from '../memory/thread-table.ts'
import { reportExit } from '../platform/exit.ts'
import { listenLocally } from '../platform/local-socket.ts'
import { bootData, keepThreadAlive, portOf } from '../platform/threads.ts'
import { passSealed } from '../queue/sealed.ts'
import { provideThreadThings } from '../worker/portables.ts'
import { AgentCalls } from './agent-calls.ts'
import { AgentObjects } from './agent-objects.ts'
import { AgentThings } from './agent-things.ts'
import { MessageStream } from './message-stream.ts'
import type { AgentBoot, AgentMessage, AgentOrder, Request } from './protocol.ts'

const boot = bootData() as AgentBoot
enterThreadTable(boot.place)
provideThreadThings()
passSealed()
keepThreadAlive()
reportExit(() => threadEnded(boot.place.identity))

const port = portOf(boot.port)
const tell = (message: AgentMessage): void => port.post(message)
const things = new AgentThings(tell)
const objects = new AgentObjects(portOf(boot.owner))
let calls: AgentCalls | undefined
port.listen(
  message => {
    const { number, kind, data } = message as AgentOrder
    things.receive(number, kind, data)
  },
  error => {
    throw error
  },
)
listenLocally(
  boot.address.socket,
  bytes => {
    const stream = new MessageStream(bytes)
    let known = false
    stream.listen(
      message => {
        if (known) {
          calls?.receive(message as readonly Request[])
        } else if (calls === undefined && message === boot.address.password) {
          known = true
          calls = new AgentCalls(things, stream, objects)
        } else stream.close()
      },
      // The door hears of the end of the client, and ends this thread.
      () => {},
    )
  },
  () => tell({ type: 'listens' }),
  error => {
    throw error
  },
)
