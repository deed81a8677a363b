import { type SharedQueue, task } from 'multitask'

/** Counts the words of lines until there are no more lines, and puts each count. Blocks its thread while it waits. */
export const countWords = task(function countWords(lines: SharedQueue<string>, counts: SharedQueue<number>): void {
  for (const line of lines.itemsSync()) counts.putSync(line.split(' ').length)
})
