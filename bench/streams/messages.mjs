/** A message of about 64 bytes. */
export function makeMessage(shape) {
  if (shape === 'array') return new Int32Array(16).fill(7)
  if (shape === 'text') return 'abcdefgh'.repeat(8)
  return { id: 7, x: [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5] }
}
