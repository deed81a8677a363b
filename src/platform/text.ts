/** Text of bytes and bytes of text, by the quickest way that the runtime has. */
import { runtime } from './runtime.ts'

type Reader = (start: number, end: number) => string

/** Node, Bun and Deno have the methods; no document says so. */
interface Methods {
  readonly latin1Slice?: Reader
  readonly utf8Write?: (text: string, start: number, length: number) => number
}

const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> }).process
const NodeBuffer = host?.getBuiltinModule?.('node:buffer').Buffer

/** Reads characters below 256, one in each byte, from `start` up to `end`. There are at most some thousand. */
export function latin1Reader({ buffer, byteOffset, byteLength }: Uint8Array): Reader {
  const bytes = NodeBuffer?.from(buffer, byteOffset, byteLength) as Methods | undefined
  if (bytes?.latin1Slice !== undefined) return bytes.latin1Slice.bind(bytes)
  return (start, end) => String.fromCharCode(...new Uint8Array(buffer, byteOffset + start, end - start))
}

/** Writes the characters of a text, one in each byte from `start` on. False if some are not ASCII: then it is not done. */
type Writer = (text: string, start: number) => boolean

/** Bytes behind the text that a writer may write to. */
const SPILL = 4

const encoder = new TextEncoder()

export function asciiWriter(bytes: Uint8Array): Writer {
  const { buffer, byteOffset, byteLength } = bytes
  const target = NodeBuffer?.from(buffer, byteOffset, byteLength) as Methods | undefined
  // Any other character takes more bytes than one. With room for one that takes the most, it shows in their number,
  // whether it was written or did not fit.
  if (target?.utf8Write !== undefined && runtime !== 'deno') {
    // Called as a method: so the engine finds its quick way.
    return (text, start) => target.utf8Write!(text, start, text.length + SPILL) === text.length
  }
  return (text, start) => {
    const { read, written } = encoder.encodeInto(text, bytes.subarray(start, start + text.length))
    return read === text.length && written === text.length
  }
}
