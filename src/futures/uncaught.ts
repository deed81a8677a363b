/**
 * Reports an error that somebody's callback threw, as the runtime reports any uncaught error.
 *
 * Callbacks run inside of the work that settles futures. Letting their errors out there would stop that work;
 * catching them for good would hide them.
 */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
