// transfer() moves memory to the other thread instead of copying it, and back. Here nothing of it is left meanwhile.
import { ThreadPoolExecutor, transfer } from 'multitask'
import { invert } from './tasks/invert.ts'

await using executor = new ThreadPoolExecutor()
const pixels = new Uint8Array(1 << 20).fill(200)
const future = executor.submit(invert, transfer(pixels))
console.log('here:', pixels.length, 'bytes')
const inverted = await future
console.log('back:', inverted.length, 'bytes, the first is', inverted[0])

// Output:
// here: 0 bytes
// back: 1048576 bytes, the first is 55
