/** In the place of {@link file://./native-memory.ts} in a page, which has no other processes. */
import type * as native from './native-memory.ts'

export const loadNativeMemory: typeof native.loadNativeMemory = () => undefined

export const pipeNumber: typeof native.pipeNumber = () => 0

export const ringBell: typeof native.ringBell = () => {}
