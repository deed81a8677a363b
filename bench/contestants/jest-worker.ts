import { fileURLToPath } from 'node:url'
import { Worker } from 'jest-worker'
import type { Pool } from '../contestant.ts'
import * as tasks from '../tasks.mjs'

export function open(threads: number): Pool {
  const farm = new Worker(fileURLToPath(new URL('../tasks.mjs', import.meta.url)), {
    numWorkers: threads,
    enableWorkerThreads: true,
    exposedMethods: Object.keys(tasks),
  })
  return {
    call: task => value => farm[task]!(value),
    move: undefined,
    map: undefined,
  }
}
