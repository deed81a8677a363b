import PQueue from 'p-queue'
import { AT_ONCE, type Mapping } from './mapping.ts'

export const mapping: Mapping = {
  all(values, call) {
    const queue = new PQueue({ concurrency: AT_ONCE })
    return queue.addAll(values.map(value => () => call(value)))
  },
  each: undefined,
}
