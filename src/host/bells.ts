/** The bell of this process, by which threads of others call its threads. It is hung when it first meets its neighbours. */
import { afterDeath } from '../memory/parking-lot.ts'
import { hangBell, hasNeighbours, loseKeeper, mayKeepBell } from '../memory/neighbours.ts'
import { ownPlace } from '../memory/thread-table.ts'
import { loadNativeMemory, pipeNumber } from '#native-memory'
import { processId, startThread } from '../platform/threads.ts'
import type { KeeperBoot } from './protocol.ts'

let isAttentive = false

/** Makes this process one that threads of others can call. False if it cannot be. */
export function meetNeighbours(): boolean {
  if (!keepBell()) return false
  if (!isAttentive) {
    isAttentive = true
    // The thread that listened to the bell may have been started by the one that has died.
    afterDeath(keepBell)
  }
  return true
}

function keepBell(): boolean {
  if (!mayKeepBell()) return true
  const bell = loadNativeMemory()?.openPipe()
  if (bell === undefined) return false
  hangBell({ process: processId, descriptor: bell.write, pipe: pipeNumber(bell.write) })
  startThread({
    module: new URL('../host/bell-keeper.js', import.meta.url),
    name: 'multitask bell',
    data: { owner: ownPlace(), bell: bell.read } satisfies KeeperBoot,
    transfer: [],
    // Its end tells the same: until there is another, threads of this process look of themselves, twice a second.
    failed: () => {},
    exited: loseKeeper,
  }).unref()
  return hasNeighbours()
}
