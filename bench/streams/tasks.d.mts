import type { Connection, SharedQueue } from '../../dist/index.js'
import type { Shape } from './messages.mjs'

type Produce = (queue: SharedQueue<unknown>, shape: Shape, count: number) => unknown
type Consume = (queue: SharedQueue<unknown>, count: number) => number | Promise<number>
type Ask = (connection: Connection, count: number) => number | Promise<number>
type Answer = (connection: Connection) => unknown

export const produce: Produce
export const produceAwaiting: Produce
export const consume: Consume
export const consumeAwaiting: Consume
export const ask: Ask
export const askAwaiting: Ask
export const answer: Answer
export const answerAwaiting: Answer
