/** Texts in the table of threads: the length, then a word for each code unit. */
import { load, store } from './atomics.ts'

/** How much room there is for one. */
const TEXT_WORDS = 64

/** Writes what others read with `readText`. They may read it half written: it is for people. */
export function writeText(table: Int32Array, at: number, text: string): void {
  const length = Math.min(text.length, TEXT_WORDS - 1)
  for (let i = 0; i < length; i++) table[at + 1 + i] = text.charCodeAt(i)
  store(table, at, length)
}

export function readText(table: Int32Array, at: number): string {
  return String.fromCharCode(...table.subarray(at + 1, at + 1 + load(table, at)))
}
