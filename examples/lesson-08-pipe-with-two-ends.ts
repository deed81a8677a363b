// A pipe has two ends. One goes to another process; when that ends, this one comes to the end of the file.
import { EndOfFileError, pipe, Process } from 'multitask'
import { ping } from './tasks/ping.ts'

const [parentEnd, childEnd] = pipe<string, [string, number]>()
const child = new Process(ping, [childEnd]).start()
const [word, number] = await parentEnd.recv()
console.log(`['${word}', ${number}]`)
await parentEnd.send('pong')
console.log(await child.join())
try {
  await parentEnd.recv()
} catch (error) {
  if (error instanceof EndOfFileError) console.log('end of file')
}

// Output:
// ['ping', 1]
// pong
// end of file
