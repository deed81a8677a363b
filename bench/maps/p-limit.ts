import pLimit from 'p-limit'
import { AT_ONCE, type Mapping } from './mapping.ts'

export const mapping: Mapping = {
  all(values, call) {
    const limit = pLimit(AT_ONCE)
    return Promise.all(values.map(value => limit(() => call(value))))
  },
  each: undefined,
}
