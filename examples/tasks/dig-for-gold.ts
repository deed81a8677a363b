import { currentTask, task } from 'multitask'

/** Never finds any. */
export const digForGold = task(function digForGold(): never {
  const call = currentTask()
  call.progress('digging')
  try {
    for (;;) call.throwIfCancelled()
  } finally {
    call.progress('putting the shovel away')
  }
})
