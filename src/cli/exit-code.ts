/** What the command ends with. */

export const OK = 0
/** Some inputs failed, or the results could not be written. */
export const FAILED = 1
/** The command line is wrong: nothing was run. */
export const USAGE = 2
/** Ctrl-C. As shells have it: 128 and the number of the signal. */
export const INTERRUPTED = 130
export const TERMINATED = 143
