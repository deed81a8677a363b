/**
 * The doorkeeper: a thread of the process that owns things, by which others come to use them.
 *
 * It starts an agent for each thread of another process that knocks, and ends the agent when that thread has ended: then
 * what the agent held is broken or given back, as for any thread. It does nothing else, so it is never busy and never
 * blocked, whatever the owner and the agents do.
 *
 * Started by {@link file://./door.ts}.
 */
import { threadBegins, threadEnded } from '../memory/parking-lot.ts'
import { hideThread } from '../memory/thread-marks.ts'
import { enterThreadTable } from '../memory/thread-table.ts'
import { listenLocally, newSocketName, randomText } from '../platform/local-socket.ts'
import {
  bootData,
  keepThreadAlive,
  openChannel,
  openChannelForOthers,
  type Port,
  portOf,
  startThread,
} from '../platform/threads.ts'
import type { Packed } from '../wire/pack.ts'
import { MessageStream } from './message-stream.ts'
import type { AgentBoot, AgentMessage, AgentOrder, DoorBoot, DoorMessage, Knock, OwnerMessage } from './protocol.ts'

/** Milliseconds that a thing is kept for clients who may have been told of it, when neither its owner nor a client has it. */
const KEEP = 60_000

/** A thing that was sent to another process. */
interface Thing {
  readonly kind: string
  readonly data: Packed
  /** The agents that use it. */
  readonly users: Set<Agent>
  forgotten: boolean
}

const boot = bootData() as DoorBoot
// As the owner, so that the agents end with it.
enterThreadTable(boot.owner)
const owner = portOf(boot.port)
const things = new Map<number, Thing>()
const agents = new Map<number, Agent>()
/** The agents that need a thing of which the owner has not told yet. */
const wanted = new Map<number, Set<Agent>>()

function tell(message: DoorMessage): void {
  owner.post(message)
}

/** A thread that stands for one of another process. */
class Agent {
  readonly number: number
  readonly #port: Port
  readonly #end: () => void
  #isOver = false

  constructor(name: string, stream: MessageStream) {
    const place = threadBegins(name)
    hideThread(place.identity)
    this.number = place.identity
    const address = { socket: newSocketName(), password: randomText() }
    const { near, far } = openChannel()
    this.#port = near
    const [toOwner, toAgent] = openChannelForOthers()
    owner.post({ type: 'agent', port: toAgent } satisfies DoorMessage, [toAgent])
    const thread = startThread({
      module: new URL('../host/agent.js', import.meta.url),
      name,
      data: { place, address, port: far, owner: toOwner } satisfies AgentBoot,
      transfer: [far, toOwner],
      // It says what befalls it: the end of the stream tells the client.
      failed: () => stream.close(),
      exited: () => {
        threadEnded(place.identity)
        stream.close()
      },
    })
    this.#end = () => {
      thread.terminate()
      threadEnded(place.identity)
    }
    agents.set(this.number, this)
    near.listen(
      message => {
        const said = message as AgentMessage
        if (said.type === 'listens') stream.send(address)
        else this.#hear(said)
      },
      () => this.end(),
    )
  }

  order(order: AgentOrder): void {
    this.#port.post(order)
  }

  /** The client has ended. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    agents.delete(this.number)
    this.#end()
    this.#port.close()
    for (const [number, thing] of things) if (thing.users.delete(this)) release(number, thing)
    for (const waiting of wanted.values()) waiting.delete(this)
  }

  #hear(message: Exclude<AgentMessage, { type: 'listens' }>): void {
    const thing = things.get(message.number)
    if (message.type === 'dropped') {
      thing?.users.delete(this)
      if (thing !== undefined) release(message.number, thing)
    } else if (thing !== undefined) give(message.number, thing, this)
    else this.#await(message.number)
  }

  /** The owner may be about to tell. */
  #await(number: number): void {
    let waiting = wanted.get(number)
    if (waiting === undefined) wanted.set(number, (waiting = new Set()))
    waiting.add(this)
    setTimeout(() => {
      if (!waiting.delete(this)) return
      this.order({ number, kind: undefined, data: { value: undefined } })
    }, PATIENCE)
  }
}

/** Milliseconds in which the owner has told of a thing that it has sent. */
const PATIENCE = 5000

function give(number: number, thing: Thing, agent: Agent): void {
  thing.users.add(agent)
  agent.order({ number, kind: thing.kind, data: thing.data })
}

function release(number: number, thing: Thing): void {
  if (!thing.forgotten || thing.users.size > 0) return
  setTimeout(() => {
    if (thing.forgotten && thing.users.size === 0 && things.get(number) === thing) things.delete(number)
  }, KEEP)
}

function hearOwner(message: OwnerMessage): void {
  const { number } = message
  const known = things.get(number)
  if (message.type === 'forgotten') {
    if (known === undefined) return
    known.forgotten = true
    release(number, known)
    return
  }
  const { kind, data } = message
  const thing: Thing = { kind, data, users: known?.users ?? new Set(), forgotten: false }
  things.set(number, thing)
  for (const agent of wanted.get(number) ?? []) give(number, thing, agent)
  wanted.delete(number)
}

/** Milliseconds that somebody who has connected may take to say who it is. */
const INTRODUCTION = 10_000

keepThreadAlive()
owner.listen(
  message => hearOwner(message as OwnerMessage),
  error => {
    throw error
  },
)
listenLocally(
  boot.door.socket,
  bytes => {
    const stream = new MessageStream(bytes)
    let agent: Agent | undefined
    const late = setTimeout(() => stream.close(), INTRODUCTION)
    stream.listen(
      message => {
        clearTimeout(late)
        const { password, name } = message as Knock
        if (agent !== undefined || password !== boot.door.password) return stream.close()
        try {
          agent = new Agent(name, stream)
        } catch (error) {
          stream.send({ refusal: (error as Error).message })
        }
      },
      () => {
        clearTimeout(late)
        agent?.end()
      },
    )
  },
  () => {},
  error => tell({ type: 'failed', message: error.message }),
)
