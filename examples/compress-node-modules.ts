// npm start: gzips and hashes every JavaScript and TypeScript file in node_modules, on one thread and on all cores.
import { availableParallelism } from 'node:os'
import { ThreadPoolExecutor } from 'multitask'
import { glob } from 'tinyglobby'
import { showProgress } from './progress-line.ts'
import { drawTable } from './table.ts'
import { type Compressed, compress } from './tasks/compress.ts'

interface Run {
  readonly results: readonly Compressed[]
  readonly seconds: number
}

const files = (await glob('node_modules/**/*.{js,mjs,cjs,ts,mts,cts}')).toSorted()
const cores = availableParallelism()

// Unmeasured, so that neither run waits for the disk and both find the code warm.
for (const file of files) compressed(file)

const alone = await measured('one thread', files.map(compress))
await using executor = new ThreadPoolExecutor()
const together = await measured(`${cores} threads`, executor.map(compress, files))
