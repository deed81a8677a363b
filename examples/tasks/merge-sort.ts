import { currentTask, task } from 'multitask'

/** Sorts the halves in calls of their own. */
export const mergeSort = task(async function mergeSort(numbers: number[]): Promise<number[]> {
  if (numbers.length < 2) return numbers
  const { executor } = currentTask()
  const middle = numbers.length >> 1
  const halves = [numbers.slice(0, middle), numbers.slice(middle)]
  const [left, right] = await Promise.all(halves.map(half => executor.submit(mergeSort, half)))
  return merge(left!, right!)
})

function merge(left: number[], right: number[]): number[] {
  const merged: number[] = []
  while (left.length > 0 && right.length > 0) merged.push((left[0]! < right[0]! ? left : right).shift()!)
  return [...merged, ...left, ...right]
}
