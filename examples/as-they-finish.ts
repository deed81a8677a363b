// The pages come as they finish, three at a time. Leaving the loop cancels what is left.
import { asCompleted, run, sleep } from 'multitask'

const times = [40, 10, 20, 60, 5000]

await run(async () => {
  const pages = times.map(time => () => sleep(time, `page of ${time} ms`))
  for await (const page of asCompleted(pages, { limit: 3 })) {
    console.log(page.result())
    if (page.result() === 'page of 60 ms') break
  }
})

// Output:
// page of 10 ms
// page of 20 ms
// page of 40 ms
// page of 60 ms
