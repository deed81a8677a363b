import { mapCalls } from '../timing.ts'
import { AT_ONCE, type Mapping } from './mapping.ts'

/** What one writes by hand: loops side by side, which go on when one of them has failed. */
export const mapping: Mapping = {
  all: (values, call) => mapCalls(value => call(value as number), values, AT_ONCE),
  each: undefined,
}
