/** The clock by which experiments measure. */

/** Milliseconds since 1970, with fractions: all threads and processes of this machine mean the same by it. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/** Keeps this thread busy for so many ms. */
export function burn(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
