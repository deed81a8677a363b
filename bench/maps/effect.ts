import { Effect } from 'effect'
import { AT_ONCE, type Mapping } from './mapping.ts'

export const mapping: Mapping = {
  all: (values, call) =>
    Effect.runPromise(Effect.forEach(values, value => Effect.promise(() => call(value)), { concurrency: AT_ONCE })),
  each: undefined,
}
