import { mapAsync } from '../../dist/index.js'
import { AT_ONCE, type Call, type Mapping } from './mapping.ts'

function all(values: readonly number[], call: Call): Promise<readonly unknown[]> {
  return mapAsync(values, call, { limit: AT_ONCE }).toArray()
}

async function each(values: readonly number[], call: Call): Promise<void> {
  for await (const result of mapAsync(values, call, { limit: AT_ONCE })) void result
}

export const mapping: Mapping = { all, each }
