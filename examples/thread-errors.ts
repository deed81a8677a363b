// The error of a thread belongs to whoever joins it. If nobody does, a hook is told, and the program goes on.
import { setThreadErrorHook, Thread } from 'multitask'

const divide = (a: number, b: number): number => {
  if (b === 0) throw new RangeError(`${a} / 0`)
  return a / b
}

try {
  await new Thread(divide, [1, 0]).start().join()
} catch (error) {
  console.log('joined:', error instanceof RangeError, String(error))
}

// Without this, it would be told on stderr: "Exception in thread nobody-joins: …" and the stack.
setThreadErrorHook(({ thread, type }) => console.log(`told: ${type} in ${thread.name}`))
new Thread(divide, [2, 0], { name: 'nobody-joins' }).start()

// Output:
// joined: true RangeError: 1 / 0
// told: RangeError in nobody-joins
