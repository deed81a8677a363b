import { initRuntime, move, spawn } from 'multithreading'
import type { Pool, Task } from '../contestant.ts'
import * as tasks from '../tasks.mjs'

const functions = { ...tasks } as Record<Task, () => unknown>

export function open(threads: number): Pool {
  initRuntime({ maxWorkers: threads })
  return {
    call: task => {
      const fn = functions[task]
      return value => unwrap(value === undefined ? spawn(fn) : spawn(move(value), fn))
    },
    move: undefined,
    map: undefined,
  }
}

async function unwrap(handle: ReturnType<typeof spawn>): Promise<unknown> {
  const result = await handle.join()
  if (!result.ok) throw result.error
  return result.value
}
