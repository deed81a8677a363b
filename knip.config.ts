import type { KnipConfig } from 'knip'

export default {
  workspaces: {
    '.': {
      // The doors of the package, which it names by what tsc makes of them, and what only a URL or a command line names.
      entry: [
        'src/{index,checker/index,checker/real-thread,gil/index,process/main,process/watchdog,testing/index,transform/index,transform/loader,transform/register-awaits,transform/register-checkpoints,worker/main,cli/main}.ts',
        'src/host/{agent,bell-keeper,doorkeeper,relay,stand-ins,no-stand-ins}.ts',
        'src/platform/{native-memory,no-native-memory}.ts',
        'test/**/*.{ts,mjs}',
        'examples/**/*.ts',
        'scripts/plain.mjs',
      ],
      project: ['{src,test,examples,scripts}/**/*.{ts,mjs}'],
    },
    // Its rivals are installed beside it, when it first runs.
    bench: {
      entry: ['{run,child}.ts', 'workers/*.mjs'],
      project: ['**/*.{ts,mjs}'],
      ignoreBinaries: ['taskset'],
    },
  },
  // Whose tsx it is that a program runs under.
  ignoreDependencies: ['tsx'],
  ignoreBinaries: ['script'],
  compilers: {
    // Tests import our insides as built.
    ts: (text: string) => text.replaceAll(/'((?:\.\.\/)+)dist\/(.+)\.js'/g, "'$1src/$2.ts'"),
  },
} satisfies KnipConfig
