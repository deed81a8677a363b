// A pipe has two ends. One goes to another thread; when it is closed there, this one comes to the end of the file.
import { EndOfFileError, pipe, ThreadPoolExecutor } from 'multitask'
import { ping } from './tasks/ping.ts'

const [parentEnd, childEnd] = pipe<string, [string, number]>()
await using executor = new ThreadPoolExecutor({ maxWorkers: 1 })
const child = executor.submit(ping, childEnd)
const [word, number] = await parentEnd.recv()
console.log(`['${word}', ${number}]`)
await parentEnd.send('pong')
console.log(await child)
try {
  await parentEnd.recv()
} catch (error) {
  if (error instanceof EndOfFileError) console.log('end of file')
}

// Output:
// ['ping', 1]
// pong
// end of file
