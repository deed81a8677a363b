// Children may have children while the group goes on; of a limit so many run at once, and the rest wait for their turn.
import { sleep, TaskGroup } from 'multitask'

const links: Record<string, string[]> = {
  index: ['about', 'blog'],
  about: [],
  blog: ['first', 'second'],
  first: [],
  second: [],
}
let running = 0
let most = 0

await TaskGroup.run(
  group => {
    const visit = async (page: string): Promise<void> => {
      most = Math.max(most, ++running)
      await sleep(10)
      running--
      for (const link of links[page] ?? []) group.spawn(() => visit(link))
      console.log('visited', page)
    }
    group.spawn(() => visit('index'))
  },
  { limit: 2 },
)
console.log('at most', most, 'at once')

// Output:
// visited index
// visited about
// visited blog
// visited first
// visited second
// at most 2 at once
