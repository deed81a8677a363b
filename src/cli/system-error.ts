/** The system's errors (no such file, no space left), in words. */

/** What went wrong, without the code, the call and the path around it: the sentence it goes into has those. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return /^[A-Z\d]+: ([^,]+)/.exec(error.message)?.[1] ?? error.message
}

/** The code, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code
}
