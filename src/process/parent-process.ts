/** The process that started this one. */
import { parentId } from '../platform/exit.ts'
import { ownProcess } from './own-process.ts'

/** The process that started this one, as this one sees it. */
export interface ParentProcess {
  readonly name: string
  readonly pid: number
  isAlive(): boolean
}

/** The process that started this one; undefined in the first process of a program. As Python's `parent_process`. */
export function parentProcess(): ParentProcess | undefined {
  const { parent } = ownProcess()
  if (parent === undefined) return undefined
  // What has lost its parent is given another by the system.
  return Object.freeze({ ...parent, isAlive: () => parentId() === parent.pid })
}
