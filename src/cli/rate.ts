/** How fast things go, as of late: a run that began with the slow ones must not be told by its average. */

/** The time that it looks back, in ms. */
const WINDOW = 5000

export class Rate {
  /** Looks at the count, oldest first. */
  readonly #looks: { readonly at: number; readonly count: number }[] = []

  /** Notes the count at a time in ms. Returns how many a second it grows. */
  look(at: number, count: number): number {
    this.#looks.push({ at, count })
    while (this.#looks.length > 2 && at - this.#looks[0]!.at > WINDOW) this.#looks.shift()
    const oldest = this.#looks[0]!
    return at === oldest.at ? 0 : ((count - oldest.count) * 1000) / (at - oldest.at)
  }
}
