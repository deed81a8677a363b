/** How often each of some keys is there. */
export class KeyCounts {
  readonly #counts = new Map<string, number>()

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Takes one of them away. Returns whether there was one. */
  take(key: string): boolean {
    const count = this.#counts.get(key)
    if (count === undefined) return false
    if (count === 1) this.#counts.delete(key)
    else this.#counts.set(key, count - 1)
    return true
  }
}
