import { parentPort } from 'node:worker_threads'
import * as tasks from '../tasks.mjs'

const functions = { ...tasks }

parentPort.on('message', ({ id, task, value }) => {
  if (task === 'move') return parentPort.postMessage({ id, value }, [value.buffer])
  const answer = result => parentPort.postMessage({ id, value: result })
  const result = functions[task](value)
  if (result instanceof Promise) void result.then(answer)
  else answer(result)
})
