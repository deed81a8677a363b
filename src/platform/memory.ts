/** What this process takes of the machine's memory. */

/** Bytes of it that are in the machine's memory now. */
export function memoryInUse(): number {
  return process.memoryUsage.rss()
}
