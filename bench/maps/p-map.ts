import pMap, { pMapIterable } from 'p-map'
import { AT_ONCE, type Call, type Mapping } from './mapping.ts'

async function each(values: readonly number[], call: Call): Promise<void> {
  for await (const result of pMapIterable(values, call, { concurrency: AT_ONCE, backpressure: 2 * AT_ONCE }))
    void result
}

export const mapping: Mapping = {
  all: (values, call) => pMap(values, call, { concurrency: AT_ONCE }),
  each,
}
