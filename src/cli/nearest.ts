/** Names sorted by how near they are to one that was mistyped. */

const MOST = 10

/** `names`, nearest to `wanted` first. */
export function nearest(names: readonly string[], wanted: string): string[] {
  return names
    .map(name => ({ name, far: distance(name.toLowerCase(), wanted.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
}

/** The names as a part of a sentence, or as many as one likes to read. */
export function enumerate(names: readonly string[]): string {
  const left = names.length - MOST
  return names.slice(0, MOST).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

/** How many letters have to be changed, added or removed to make `b` of `a` (Levenshtein), row by row. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 0; row < a.length; row++) {
    const current = [row + 1]
    for (let column = 0; column < b.length; column++) {
      const replaced = above[column]! + (a[row] === b[column] ? 0 : 1)
      current.push(Math.min(replaced, above[column + 1]! + 1, current[column]! + 1))
    }
    above = current
  }
  return above[b.length]!
}
