/** Hooks of the loader in the threads that a thread starts, which would begin without them. */
import { importModule } from './modules.ts'

/** Under this key a thread tells those that it starts which hooks to put in. */
const HOOKS = 'multitask.hooks'

/** A module that exports `register`, and what that is called with. */
interface Hook {
  readonly url: string
  readonly options: unknown
}

const host = (globalThis as { process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> }).process
const threads = host?.getBuiltinModule?.('node:worker_threads')

/** Says that threads of this one are to call `register(options)` of the module before they load anything else. */
export function passHooksOn(hook: Hook): void {
  const { isDeepStrictEqual } = process.getBuiltinModule('node:util')
  const known = hooks()
  if (known.some(other => isDeepStrictEqual(other, hook))) return
  threads?.setEnvironmentData(HOOKS, [...known, hook] as never)
}

/** Puts the hooks of the parent into this thread. */
export async function inheritHooks(): Promise<void> {
  for (const { url, options } of hooks()) {
    const { register } = (await importModule(url)) as { register: (options: unknown) => void }
    register(options)
  }
}

function hooks(): readonly Hook[] {
  return (threads?.getEnvironmentData(HOOKS) ?? []) as unknown as readonly Hook[]
}
