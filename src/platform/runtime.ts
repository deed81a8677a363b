/** Which runtime this is, for the few places where they differ in what they can do. */

export type Runtime = 'node' | 'bun' | 'deno'

export const runtime: Runtime = 'Bun' in globalThis ? 'bun' : 'Deno' in globalThis ? 'deno' : 'node'

/** As people write it: `Node 24.1.0`. */
export const runtimeName: string = `${{ node: 'Node', bun: 'Bun', deno: 'Deno' }[runtime]} ${process.versions[runtime] ?? ''}`

/**
 * Whether a thread that waits by `Atomics.waitAsync` wakes while the main thread is blocked. On Deno 2 it does so only
 * when the main thread turns again (measured on 2.9.6).
 */
export const wakesWhileMainBlocks: boolean = runtime !== 'deno'

/**
 * Whether a thread that runs out of memory ends wherever it does so. On Deno 2 one that was in a microtask sleeps for ever
 * and nobody is told (measured on 2.9.6).
 */
export const endsInMicrotasks: boolean = runtime !== 'deno'

/** Whether `terminate()` ends a thread that is busy in a loop. On Deno 2 it only lets go of it (denoland/deno#35657). */
export const canStopBusyThreads: boolean = runtime !== 'deno'
