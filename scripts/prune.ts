/** Removes from dist what no source file makes any more. Emptying dist would pull it from under whatever is running. */
import { existsSync, globSync, rmSync } from 'node:fs'

for (const file of globSync('dist/**/*.{js,d.ts}')) {
  const source = file.replace(/^dist/, 'src').replace(/(\.d)?\.(js|ts)$/, '.ts')
  if (!existsSync(source)) rmSync(file)
}
