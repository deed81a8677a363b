import { defineConfig, type OxlintOverride } from 'oxlint'

/** The layers of src: what each folder may import besides itself. A change here is a change of docs/design.md. */
const layers: Record<string, string[]> = {
  options: ['errors'],
  limits: ['errors'],
  completion: ['options', 'limits', 'errors'],
  memory: ['errors', 'trace', 'limits'],
  platform: ['errors', 'trace', 'node:*'],
  wire: ['memory', 'platform', 'errors', 'trace', 'acorn', '#closures'],
  sync: ['#native-memory', 'memory', 'wire', 'platform', 'options', 'limits', 'errors'],
  shared: ['sync', 'memory', 'wire', 'options', 'limits', 'errors'],
  queue: ['sync', 'memory', 'platform', 'wire', 'options', 'limits', 'errors'],
  task: ['completion', 'sync', 'options', 'limits', 'platform', 'errors', 'trace'],
  testing: ['limits', 'sync', 'task', 'errors'],
  worker: ['sync', 'wire', 'platform', 'memory', 'errors', 'trace'],
  futures: ['completion', 'worker', 'platform', 'wire', 'options', 'limits', 'errors', 'trace'],
  loop: ['futures', 'worker', 'platform', 'options', 'limits', 'errors', 'trace'],
  pool: ['futures', 'wire', 'worker', 'memory', 'platform', 'options', 'limits', 'errors', 'trace'],
  thread: ['pool', 'futures', 'sync', 'memory', 'platform', 'wire', 'options', 'limits', 'errors'],
  bridge: ['task', 'pool', 'futures', 'worker', 'wire', 'platform', 'options', 'limits', 'errors'],
  host: [
    '#native-memory',
    '#stand-ins',
    'sync',
    'shared',
    'queue',
    'worker',
    'memory',
    'platform',
    'wire',
    'options',
    'limits',
    'errors',
  ],
  process: [
    'host',
    'thread',
    'pool',
    'futures',
    'worker',
    'sync',
    'platform',
    'wire',
    'memory',
    'options',
    'limits',
    'errors',
  ],
  cluster: ['futures', 'pool', 'wire', 'errors'],
  checker: ['memory', 'platform', 'options', 'limits', 'errors', 'trace'],
  gil: ['sync', 'memory', 'options', 'errors'],
  transform: [
    'options',
    'platform',
    'errors',
    'acorn',
    '@sveltejs/acorn-typescript',
    '@jridgewell/sourcemap-codec',
    'magic-string',
  ],
  timeline: ['memory', 'errors', 'trace'],
  lab: ['index', 'checker', 'gil', 'platform', 'node:assert/strict'],
  cli: ['index', 'lab', 'platform', 'node:*', 'commander', 'log-update', 'tinyglobby'],
}

const sharedMemory = { names: ['Atomics', 'SharedArrayBuffer'], home: ['memory'] }
const host = { names: ['process', 'Worker', 'self', 'postMessage', 'Deno', 'Bun'], home: ['platform', 'cli'] }

/** Their promises are the test runner's to wait for; `t.test` is not one of them. */
const testCalls = ['describe', 'it', 'suite', 'test', 'only', 'skip', 'todo']

function specifier(name: string): string {
  if (name in layers) return `../${name}/*.ts`
  return ['errors', 'trace', 'index'].includes(name) ? `../${name}.ts` : name
}

function only(specifiers: string[], message: string) {
  return { group: ['*', '**/*', ...specifiers.map(each => `!${each}`)], message }
}

function layer([name, allowed]: [string, string[]]): OxlintOverride {
  const row = only(['./*.ts', ...allowed.map(specifier)], `${name} may import only: ${allowed.join(', ')}`)
  const globals = [sharedMemory, host].filter(({ home }) => !home.includes(name)).flatMap(({ names }) => names)
  return {
    files: [`src/${name}/**`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [row] }],
      'no-restricted-globals': ['error', { globals, checkGlobalObject: true }],
    },
  }
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist', '.runtimes', 'node_modules'],
  rules: {
    'import/no-cycle': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: testCalls }],
        // The group that spawned a task waits for it, and `run` for what createTask made.
        allowForKnownSafePromises: [{ from: 'file', name: 'Task' }],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'no-underscore-dangle': 'off',
    // Loops here wait for what another thread, or another turn, changes.
    'no-unmodified-loop-condition': 'off',
    // The wire brings back `unknown`, and a Future gives it the type its sender had.
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    // A worker's postMessage takes no origin.
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    { files: ['src/**'], rules: { 'max-lines': ['error', 300] } },
    {
      files: ['src/errors.ts', 'src/trace.ts'],
      rules: { 'no-restricted-imports': ['error', { patterns: [only([], 'The lowest layer imports nothing')] }] },
    },
    {
      files: ['src/index.ts'],
      rules: { 'no-restricted-imports': ['error', { patterns: [only(['./*.ts', './*/*.ts'], 'Only our own')] }] },
    },
    {
      files: ['src/*.ts'],
      rules: {
        'no-restricted-globals': [
          'error',
          { globals: [...sharedMemory.names, ...host.names], checkGlobalObject: true },
        ],
      },
    },
    ...Object.entries(layers).map(layer),
    {
      // The boot files of a worker put its parts together, as index.ts does for the program.
      files: ['src/worker/main.ts', 'src/worker/portables.ts', 'src/process/main.ts', 'src/process/watchdog.ts'],
      rules: { 'no-restricted-imports': 'off' },
    },
  ],
})
