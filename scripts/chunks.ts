/**
 * Which modules are shipped in one file. A file costs more to find than a module to read, so what starts together lies
 * together: a worker reads eight files instead of a hundred. What is only sometimes needed lies apart, for the workers,
 * which load it on demand, and for bundlers, which leave out whole files: few of our classes can be left out of a file
 * that is used, as making them has effects.
 */

/**
 * Each chunk holds what its roots need and no earlier chunk has. So a chunk imports only earlier ones: there is no
 * circle, and nothing is used before it is made. `wire/closures` needs special care: `wire` imports it by a name that
 * bundlers of pages give another meaning, so it stands in front of it.
 */
const chunks: Readonly<Record<string, readonly string[]>> = {
  platform: [
    'errors',
    'platform/ambient',
    'platform/builtins',
    'platform/cpus',
    'platform/environment',
    'platform/exit',
    'platform/inherited-hooks',
    'platform/kinds',
    'platform/modules',
    'platform/output',
    'platform/package',
    'platform/signal-names',
    'platform/signals',
    'platform/text',
    'platform/threads',
    'platform/turns',
    'platform/typescript',
    'platform/warning',
  ],
  base: [
    'completion/wait',
    'limits/clock',
    'limits/interruption',
    'limits/on-abort',
    'limits/scope',
    'memory/keep-alive',
    'memory/mapping',
    'memory/neighbour-words',
    'memory/neighbours',
    'memory/park',
    'memory/parking-lot',
    'memory/process-name',
    'memory/ring',
    'memory/waiting-mask',
    'options/option-rules',
    'options/timeout',
    'sync/ownership',
    'wire/cancel-words',
    'wire/exported-name',
    'wire/fast-encoder',
    'wire/function-node',
    'wire/load',
    'wire/portable',
    'wire/task',
  ],
  'native-memory': ['platform/native-memory'],
  closures: ['wire/closures'],
  wire: ['wire/connection', 'wire/key-table', 'wire/pack', 'wire/unpack'],
  futures: [
    'futures/executor-view',
    'futures/future',
    'futures/map',
    'pool/executor-registry',
    'worker/current-task',
    'worker/requests',
  ],
  stream: ['memory/lane', 'process/own-process', 'process/watchdog', 'wire/lanes', 'wire/local-ring'],
  worker: ['pool/remote-executor', 'worker/loop', 'worker/portables', 'worker/results'],
  pool: ['pool/thread-pool-executor'],

  waiting: [
    'memory/perform',
    'queue/sentences',
    'sync/grants',
    'sync/guard',
    'sync/handles',
    'sync/inspect',
    'sync/let-go',
    'sync/options',
    'sync/patience',
    'sync/robust-mutex',
    'sync/steps',
    'sync/wait-queue',
    'sync/waiters',
  ],
  locks: ['sync/lock', 'sync/rlock'],
  events: ['sync/event'],
  semaphores: ['sync/bounded-semaphore', 'sync/semaphore'],
  conditions: ['sync/condition'],
  barriers: ['sync/barrier'],
  'global-lock': ['gil/index'],
  'shared-data': ['shared/shared-array', 'shared/shared-struct', 'shared/shared-value'],
  'thread-data': [
    'process/wind-up',
    'thread/current-thread',
    'thread/thread-local',
    'thread/thread-report',
    'thread/wind-up',
  ],

  scopes: ['task/cancel-scope', 'task/current-scope', 'task/sleep'],
  queues: ['queue/lifo-queue', 'queue/priority-queue', 'queue/queue', 'queue/simple-queue'],
  'shared-queues': ['queue/pipe', 'queue/shared-queue'],
  tasks: ['bridge/on-the-loop', 'task/create-task', 'task/group-errors', 'task/is-cancellation'],
  time: ['task/rate-limit', 'task/retry', 'task/shield', 'task/timeout', 'task/wait-for'],
  groups: ['task/as-completed', 'task/gather', 'task/run', 'task/task-group', 'task/task-records'],
  'async-map': ['task/map-async'],
  testing: ['testing/index'],

  loop: ['loop/loop-executor'],
  threads: ['thread/thread'],
  hosting: ['host/hosting', 'host/links'],
  objects: ['host/hosted'],
  'stand-ins': ['host/stand-ins'],
  // No page has any of these.
  processes: [
    'bridge/run-sync',
    'bridge/to-thread',
    'process/parent-process',
    'process/process',
    'process/process-pool-executor',
  ],

  'checked-thread': ['checker/real-thread'],
  checker: ['checker/index'],
  'command-task': ['cli/task'],
  command: ['cli/main'],
}

/** The chunk of each module. `imports`: what each imports statically; names are paths in src without their ending. */
export function assignChunks(imports: (module: string) => readonly string[]): Map<string, string> {
  const chunkOf = new Map<string, string>()
  for (const [chunk, roots] of Object.entries(chunks)) {
    const reached = new Set(roots)
    for (const module of reached) {
      if (chunkOf.has(module)) continue
      chunkOf.set(module, chunk)
      for (const imported of imports(module)) reached.add(imported)
    }
  }
  return chunkOf
}

export const chunkNames: readonly string[] = Object.keys(chunks)
