/** Reports an error that a user's callback threw, as the runtime reports any uncaught error. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
