// Inputs without end, two at a time: they are read when there is room. Leaving the loop stops what runs and closes them.
import { mapAsync, sleep } from 'multitask'

function* everyNumber(): Generator<number> {
  try {
    for (let number = 1; ; number++) yield number
  } finally {
    console.log('closed')
  }
}

let running = 0

async function load(number: number): Promise<string> {
  running++
  try {
    await sleep(number === 1 ? 30 : 10)
    return `page ${number}`
  } finally {
    running--
  }
}

for await (const page of mapAsync(everyNumber(), load, { limit: 2 })) {
  console.log(page)
  if (page === 'page 3') break
}
console.log(running, 'are running')

const pages = await mapAsync([1, 2, 3], load, { limit: 3, unordered: true }).toArray()
console.log(pages.join(', '))

// Output:
// page 1
// page 2
// page 3
// closed
// 0 are running
// page 2, page 3, page 1
