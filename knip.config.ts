import type { KnipConfig } from 'knip'

export default {
  // The doors of the package, which it names by what tsc makes of them, and what only a URL or a command line names.
  entry: [
    'src/{index,worker/main,cli/main}.ts',
    'test/**/*.ts',
    'examples/**/*.ts',
    'bench/**/*.ts',
    'scripts/plain.mjs',
  ],
  project: ['{src,test,examples,bench,scripts}/**/*.{ts,mjs}'],
  compilers: {
    // Tests import our insides as built.
    ts: (text: string) => text.replaceAll(/'((?:\.\.\/)+)dist\/(.+)\.js'/g, "'$1src/$2.ts'"),
  },
} satisfies KnipConfig
