// The same by postMessage, as one would write it by hand. A worker that is told what to do, one thing after the other.
import { parentPort } from 'node:worker_threads'
import { makeMessage } from './messages.mjs'

const works = {
  produce(port, shape, count) {
    const message = makeMessage(shape)
    for (let i = 0; i < count; i++) port.postMessage(message)
  },

  consume(port, count) {
    let came = 0
    let began
    return new Promise(resolve => {
      port.on('message', () => {
        if (++came === 1) began = performance.now()
        else if (came === count) resolve((count - 1) / ((performance.now() - began) / 1000))
      })
    })
  },

  ask(port, count) {
    const began = performance.now()
    return new Promise(resolve => {
      port.on('message', i => {
        if (i + 1 < count) port.postMessage(i + 1)
        else resolve((performance.now() - began) / count)
      })
      port.postMessage(0)
    })
  },

  answer(port) {
    port.on('message', message => port.postMessage(message))
  },
}

async function work({ work: name, args }) {
  parentPort.postMessage(await works[name](...args))
  if (name !== 'answer') args[0].close()
}

parentPort.on('message', message => void work(message))
