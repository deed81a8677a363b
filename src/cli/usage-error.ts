/** What is wrong with the command line, found before anything was run. One sentence; the command ends with code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
