/** Names sorted by how near they are to one that was mistyped. */

const MOST = 10

/** `names`, nearest to `wanted` first, as a list for a sentence. */
export function nearest(names: readonly string[], wanted: string): string {
  const sorted = names
    .map(name => ({ name, far: distance(name.toLowerCase(), wanted.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
  const left = sorted.length - MOST
  return sorted.slice(0, MOST).join(', ') + (left > 0 ? ` and ${left} more` : '')
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
