/** What a page downloads for the whole package, minified and compressed: the main thread's side and a worker's. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const limits = { 'dist/index.js': 88_000, 'dist/worker/main.js': 70_000 }

for (const [entry, limit] of Object.entries(limits)) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['node:*'],
  })
  const size = gzipSync(outputFiles[0]!.contents).byteLength
  console.log(`${entry}: ${size} of at most ${limit} bytes`)
  if (size > limit) process.exitCode = 1
}
