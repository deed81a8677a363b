/** Text of bytes, by the quickest way that the runtime has. */

type Reader = (start: number, end: number) => string

/** Node, Bun and Deno have the method; no document says so. */
interface Latin1 {
  readonly latin1Slice?: Reader
}

const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> }).process
const NodeBuffer = host?.getBuiltinModule?.('node:buffer').Buffer

/** Reads characters below 256, one in each byte, from `start` up to `end`. There are at most some thousand. */
export function latin1Reader({ buffer, byteOffset, byteLength }: Uint8Array): Reader {
  const bytes = NodeBuffer?.from(buffer, byteOffset, byteLength) as Latin1 | undefined
  if (bytes?.latin1Slice !== undefined) return bytes.latin1Slice.bind(bytes)
  return (start, end) => String.fromCharCode(...new Uint8Array(buffer, byteOffset + start, end - start))
}
