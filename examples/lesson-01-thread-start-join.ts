// A thread runs a function beside this one. join() waits for its end.
import { Thread } from 'multitask'

const thread = new Thread(async () => {
  console.log('started')
  await new Promise(resolve => setTimeout(resolve, 200))
  console.log('ended')
})
thread.start()
await thread.join()
console.log('joined')

// Output:
// started
// ended
// joined
