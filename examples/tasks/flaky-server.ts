import { currentTask, task } from 'multitask'

/** Fails `failures` times. */
export const fetchFromFlakyServer = task(function fetchFromFlakyServer(failures: number): string {
  const call = currentTask()
  if (call.attempt > failures) return 'the page'
  call.progress(`attempt ${call.attempt} failed`)
  throw new Error('503')
})
