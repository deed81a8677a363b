/**
 * Trial: the attempts of those who wait in one line, never one in the middle of another.
 *
 * An attempt that succeeds tells those who wait for the opposite; what they do may come back to the line in which the
 * first still stands. It must not be tried again there. Nothing is missed: after a success the next in line is tried in
 * any case.
 */
export class Trial {
  #goesOn = false

  run<T>(attempt: () => T | undefined): T | undefined {
    if (this.#goesOn) return undefined
    this.#goesOn = true
    try {
      return attempt()
    } finally {
      this.#goesOn = false
    }
  }
}
