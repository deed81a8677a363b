import type { Lock } from '../../dist/index.js'

export const COUNTER: number
export function withLock(lock: Lock, words: Int32Array, threads: number, times: number): number
export function withFutex(words: Int32Array, threads: number, times: number): number
