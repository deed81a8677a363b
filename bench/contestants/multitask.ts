import { ThreadPoolExecutor, transfer } from '../../dist/index.js'
import type { Pool, Task } from '../contestant.ts'
import * as tasks from '../tasks.mjs'
import { echoMoved } from '../workers/multitask.mjs'

const functions = { ...tasks } as Record<Task, (value?: unknown) => unknown>

export function open(threads: number): Pool {
  const executor = new ThreadPoolExecutor({ maxWorkers: threads })
  return {
    call: task => {
      const fn = functions[task]
      return value => (value === undefined ? executor.submit(fn) : executor.submit(fn, value))
    },
    move: bytes => executor.submit(echoMoved, transfer(bytes as Uint8Array)),
    map: (task, values) => executor.map(functions[task], values).toArray(),
  }
}
