/**
 * The keeper of the bell: a thread that wakes those of its process when threads of others call them, and that hears when
 * processes end which this one has started. Others may be blocked for what these held, and so may the thread that would
 * hear of it otherwise.
 *
 * Started by {@link file://./bells.ts}.
 */
import { answerBell, callNeighbours, childProcesses, neighbourhood, processWithBell } from '../memory/neighbours.ts'
import { threadEnded } from '../memory/parking-lot.ts'
import { enterThreadTable, firstThread, isAlive, parentProcess } from '../memory/thread-table.ts'
import { listenForBell } from '../platform/bell.ts'
import { connectLocally, listenLocally, socketName } from '../platform/local-socket.ts'
import { hasEnded } from '../platform/processes.ts'
import { bootData, keepThreadAlive } from '../platform/threads.ts'
import { MessageStream } from './message-stream.ts'
import type { KeeperBoot, Presence } from './protocol.ts'

const { owner, bell } = bootData() as KeeperBoot
enterThreadTable(owner)
keepThreadAlive()

/** The first half of it is in the names of the sockets, which anybody can read. The last half opens them. */
const name = neighbourhood()!
const half = name.length / 2
const password = name.slice(half)

function socketOf(identity: number): string {
  return socketName(`${name.slice(0, half)}-${identity}`)
}

/** Milliseconds between two looks whether a process has ended that has no stream to here. */
const PAUSE = 10

/** The processes with a stream to here, which closes when they end, and those that are looked after until they have one. */
const present = new Set<number>()
const watched = new Set<number>()

/** Looks whether the process ends, until it has a stream to here. */
async function watch(identity: number): Promise<void> {
  if (watched.has(identity)) return
  watched.add(identity)
  const processId = processWithBell(identity)
  while (isAlive(identity) && !present.has(identity)) {
    if (hasEnded(processId)) threadEnded(identity)
    else await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
  watched.delete(identity)
}

/** Each rings here when it hangs its own bell, before it uses anything. It may be killed before its keeper is up. */
function watchChildren(): void {
  for (const child of childProcesses()) if (!present.has(child) && processWithBell(child) !== 0) void watch(child)
}

listenLocally(
  socketOf(firstThread()),
  bytes => {
    const stream = new MessageStream(bytes)
    let child: Presence | undefined
    stream.listen(
      message => {
        const said = message as Presence
        if (child !== undefined || said.password !== password) return stream.close()
        child = said
        present.add(child.identity)
      },
      () => {
        if (child === undefined) return
        present.delete(child.identity)
        // It has ended, or only its keeper has.
        void watch(child.identity)
      },
    )
  },
  () => {},
  // It hears of the ends of its children on the event loop of their starter all the same.
  () => {},
)

/** Milliseconds until the parent's keeper, which has hung its bell, listens. */
const PATIENCE = 20_000

let isPresent = false

/** Tells the keeper of the parent that this process is there. Then it hears when that is not so any more. */
async function appear(): Promise<void> {
  const parent = parentProcess()
  if (isPresent || parent === 0 || processWithBell(parent) === 0) return
  isPresent = true
  try {
    const stream = new MessageStream(await connectLocally(socketOf(parent), PATIENCE))
    stream.listen(
      () => {},
      () => {
        isPresent = false
      },
    )
    stream.send({ password, identity: firstThread() } satisfies Presence)
  } catch {
    // The parent has ended, and this process is about to.
    isPresent = false
  }
}

function rung(): void {
  answerBell()
  watchChildren()
  void appear()
}

listenForBell(bell, rung)
rung()
// Those that this process has started may have waited for it to be here.
callNeighbours()
