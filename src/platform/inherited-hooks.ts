/** Hooks of the loader in the threads that a thread starts, which would begin without them. */
import { isDeepStrictEqual } from 'node:util'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { importModule } from './modules.ts'

/** Under this key a thread tells those that it starts which hooks to put in. */
const HOOKS = 'multitask.hooks'

/** A module that exports `register`, and what that is called with. */
interface Hook {
  readonly url: string
  readonly options: unknown
}

/** Says that threads of this one are to call `register(options)` of the module before they load anything else. */
export function passHooksOn(hook: Hook): void {
  const known = hooks()
  if (!known.some(other => isDeepStrictEqual(other, hook))) setEnvironmentData(HOOKS, [...known, hook] as never)
}

/** Puts the hooks of the parent into this thread. */
export async function inheritHooks(): Promise<void> {
  for (const { url, options } of hooks()) {
    const { register } = (await importModule(url)) as { register: (options: unknown) => void }
    register(options)
  }
}

function hooks(): readonly Hook[] {
  return (getEnvironmentData(HOOKS) ?? []) as unknown as readonly Hook[]
}
