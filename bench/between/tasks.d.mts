import type { Barrier, Connection, Hosted, Lock, SharedQueue, SharedValue } from '../../dist/index.js'

export interface Counter {
  add(n: number): number
}

export function sendMany(end: Connection<number, number>, count: number): Promise<void>
export function receiveMany(end: Connection<number, number>, count: number): Promise<void>
export function countUp(value: SharedValue<'i32'>, barrier: Barrier, times: number): number
export function putMany(queue: SharedQueue<number>, count: number): Promise<void>
export function lockOften(lock: Lock, times: number): number
export function callOften(hosted: Hosted<Counter>, times: number): Promise<number>
