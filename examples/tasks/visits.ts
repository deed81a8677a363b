import type { ThreadLocal } from 'multitask'

/** Counts visits of pages in this thread, and tells how many there were so far. */
export function countVisits(visits: ThreadLocal<Map<string, number>>, pages: string[]): string {
  for (const page of pages) visits.value.set(page, (visits.value.get(page) ?? 0) + 1)
  return Array.from(visits.value, ([page, count]) => `${page} ${count}`).join(', ')
}
