/**
 * shield: work that goes on when what is around it is cancelled, such as the writing of a last record.
 *
 * It ends by its own time limit only. Who awaits it waits for it, and a group in which it was begun does so too.
 */
import { checkOptions, duration } from '../options/option-rules.ts'
import { CancelScope } from './cancel-scope.ts'
import { openScope, runIn } from './current-scope.ts'
import { Deadline } from './deadline.ts'
import { ScopeContext, type TaskFn } from './task-context.ts'
import { checkFunction } from './task-function.ts'
import { judge, TimedWork } from './timeout.ts'

export interface ShieldOptions {
  /** In ms; when it is up, the work is asked to stop. Give one: what cannot be cancelled may wait for ever. */
  readonly timeout?: number | undefined
}

const rules = { timeout: duration }

/** Runs `fn(context)` out of reach of any cancellation. Returns its value, throws its error or a TimeoutError. */
export async function shield<T>(fn: TaskFn<T>, options: ShieldOptions = {}): Promise<T> {
  checkFunction(fn, 'shield')
  const { timeout = Infinity } = checkOptions(options, rules, 'shield()')
  const scope = new CancelScope(new TimedWork(timeout, 'shield'), openScope(), true)
  const deadline = timeout === Infinity ? undefined : new Deadline(scope, timeout)
  try {
    return await runIn(scope, () => fn(new ScopeContext(scope)))
  } catch (error) {
    throw judge(error, scope, deadline, undefined)
  } finally {
    scope.close()
  }
}
