import { echo, noop } from '../tasks.mjs'

const functions = { echo, noop }

process.on('message', ([id, task, value]) => {
  process.send([id, functions[task](value)])
})
