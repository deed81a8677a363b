/** Pools of processes, ours and those of rivals, and raw IPC to two children. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ProcessPoolExecutor } from '../../dist/index.js'
import type { Call, Task } from '../contestant.ts'
import * as tasks from '../tasks.mjs'

const functions = { ...tasks } as Record<Task, (value?: unknown) => unknown>

function fileOf(name: string): string {
  return fileURLToPath(new URL(`../workers/${name}`, import.meta.url))
}

async function tinypool(processes: number): Promise<(task: Task) => Call> {
  const { Tinypool } = await import('tinypool')
  const options = { runtime: 'child_process', minThreads: processes, maxThreads: processes } as const
  const pool = new Tinypool({ ...options, filename: fileOf('tinypool.mjs') })
  return name => value => pool.run(value, { name })
}

async function workerpool(processes: number): Promise<(task: Task) => Call> {
  const { default: library } = await import('workerpool')
  const forkOpts = { serialization: 'advanced' } as const
  const options = { workerType: 'process', minWorkers: processes, maxWorkers: processes, forkOpts } as const
  const pool = library.pool(fileOf('workerpool.mjs'), options)
  return task => value => pool.exec(task, value === undefined ? [] : [value])
}

async function jestWorker(processes: number): Promise<(task: Task) => Call> {
  const { Worker } = await import('jest-worker')
  const forkOptions = { serialization: 'advanced' } as const
  const farm = new Worker(fileURLToPath(new URL('../tasks.mjs', import.meta.url)), {
    numWorkers: processes,
    enableWorkerThreads: false,
    exposedMethods: Object.keys(tasks),
    forkOptions,
  })
  return task => value => farm[task]!(value)
}

/** One message a call to each in turn: what anybody would write. */
function rawIpc(processes: number): (task: Task) => Call {
  const waiting = new Map<number, (value: unknown) => void>()
  const children = Array.from({ length: processes }, () => {
    const child = fork(fileOf('ipc.mjs'), { serialization: 'advanced' })
    child.on('message', ([id, value]: [number, unknown]) => {
      waiting.get(id)!(value)
      waiting.delete(id)
    })
    return child
  })
  let id = 0
  return task => value =>
    new Promise(resolve => {
      waiting.set(++id, resolve)
      children[id % processes]!.send([id, task, value])
    })
}

function multitask(processes: number): (task: Task) => Call {
  const executor = new ProcessPoolExecutor({ maxWorkers: processes })
  return task => {
    const fn = functions[task]
    return value => (value === undefined ? executor.submit(fn) : executor.submit(fn, value))
  }
}

const pools = { multitask, tinypool, workerpool, 'jest-worker': jestWorker, 'fork IPC': rawIpc }

export const contestants: readonly string[] = Object.keys(pools)

export async function openProcesses(contestant: string, processes: number): Promise<(task: Task) => Call> {
  return pools[contestant as keyof typeof pools](processes)
}
