// npm start: gzips and hashes every JavaScript and TypeScript file in node_modules, on one thread and on all cores.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { ThreadPoolExecutor } from 'multitask'
import { glob } from 'tinyglobby'
import { drawBar } from './drawing/bar.ts'
import { drawTable } from './drawing/table.ts'
import { type Compressed, compress } from './tasks/compress.ts'

interface Run {
  readonly name: string
  readonly results: readonly Compressed[]
  readonly seconds: number
}

const files = (await glob('node_modules/**/*.{js,mjs,cjs,ts,mts,cts}')).toSorted()
// So that neither run waits for the disk.
for (const file of files) readFileSync(file)

function* oneByOne(): Generator<Compressed> {
  for (const file of files) yield compress(file)
}

async function measure(name: string, source: Iterable<Compressed> | AsyncIterable<Compressed>): Promise<Run> {
  const began = performance.now()
  const results: Compressed[] = []
  for await (const result of source) {
    results.push(result)
    drawBar(name, results.length, files.length)
  }
  return { name, results, seconds: (performance.now() - began) / 1000 }
}

const alone = await measure('one thread ', oneByOne())
await using executor = new ThreadPoolExecutor()
const together = await measure(`${availableParallelism()} threads  `, executor.map(compress, files))

function rowOf({ name, results, seconds }: Run): string[] {
  const megabytes = (size: 'before' | 'after'): string =>
    (results.reduce((sum, each) => sum + each[size], 0) / 1e6).toFixed(1)
  const speedUp = alone.seconds / seconds
  return [
    name.trim(),
    `${results.length}`,
    megabytes('before'),
    megabytes('after'),
    seconds.toFixed(2),
    `${speedUp.toFixed(2)} x`,
  ]
}

console.log(drawTable([['', 'files', 'MB', 'MB gzipped', 'seconds', 'speed-up'], rowOf(alone), rowOf(together)]))

const different = files.filter((_, index) => alone.results[index]!.digest !== together.results[index]!.digest)
if (different.length > 0) throw new Error(`the runs disagree on ${different.join(', ')}`)
console.log(`Both runs gave the same ${files.length} digests. As a command, on your own files:
  node dist/cli/main.js map examples/tasks/compress.ts#compress 'src/**/*.ts'`)
