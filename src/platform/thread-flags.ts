/**
 * The flags of this process that its threads get too. What says which program the process runs is not for them: with
 * `--input-type` Node refuses to start a thread from a file, and with `-e` it would not even make one.
 */
const OF_THE_PROGRAM = /^(-e|-p|-pe|--eval|--print|--input-type)(=|$)/

/** `flags`: as in `process.execArgv`, where the text of `-e` is an item of its own, or none if it is not kept. */
export function flagsForThreads(flags: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < flags.length; index++) {
    const flag = flags[index]!
    if (!OF_THE_PROGRAM.test(flag)) kept.push(flag)
    else if (!flag.includes('=') && flags[index + 1]?.startsWith('-') === false) index++
  }
  return kept
}
