// Crawls a site of 10 000 pages on loopback, a hundred at once, and then a part of it one page at a time, as one does with
// `requests` in Python. Another number of pages: node examples/crawl-a-site.ts 300. Ctrl-C ends it, and no request is left.
import { isCancellation, mapAsync, pipe, Queue, retry, run, shield, Thread, timeout } from 'multitask'
import { drawBar, leaveBar } from './drawing/bar.ts'
import { drawTable } from './drawing/table.ts'
import { serveSite } from './tasks/site.ts'

interface Page {
  readonly number: number
  readonly links: readonly number[]
  /** How often it was asked for. */
  readonly tries: number
  readonly failed: boolean
}

interface Crawl {
  readonly name: string
  readonly pages: readonly Page[]
  readonly seconds: number
}

const pages = Number(process.argv[2] ?? 10_000)
const AT_ONCE = 100
const TIME_LIMIT = 1000

/** A page, or that there is none after four tries. What ends the program ends it too. */
async function visit(site: string, number: number): Promise<Page> {
  let tries = 0
  const load = async (): Promise<string> => {
    tries++
    return timeout(TIME_LIMIT, async context => {
      const response = await fetch(`${site}/${number}`, context)
      const text = await response.text()
      if (!response.ok) throw new Error(`page ${number}: ${response.status}`)
      return text
    })
  }
  try {
    const text = await retry(load, { retries: 3, delay: 50 })
    return {
      number,
      links: Array.from(text.matchAll(/href="\/(\d+)"/g), ([, link]) => Number(link)),
      tries,
      failed: false,
    }
  } catch (error) {
    if (isCancellation(error)) throw error
    return { number, links: [], tries, failed: true }
  }
}

/** Follows all links from page 0 on. */
async function crawl(site: string): Promise<Page[]> {
  const found: Page[] = []
  const known = new Set([0])
  const frontier = new Queue<number>()
  await frontier.put(0)
  const visited = mapAsync(frontier, number => visit(site, number), { limit: AT_ONCE, unordered: true })
  for await (const page of visited) {
    found.push(page)
    for (const link of page.links) {
      if (known.has(link)) continue
      known.add(link)
      frontier.tryPut(link)
    }
    drawBar(`${AT_ONCE} at once  `, found.length, pages)
    if (found.length === known.size) frontier.shutdown()
  }
  return found
}

async function oneByOne(site: string, sample: readonly Page[]): Promise<Page[]> {
  const found: Page[] = []
  for (const { number } of sample) {
    found.push(await visit(site, number))
    drawBar('one by one   ', found.length, sample.length)
  }
  return found
}

async function measure(name: string, work: () => Promise<Page[]>): Promise<Crawl> {
  const began = performance.now()
  const found = await work()
  return { name, pages: found, seconds: (performance.now() - began) / 1000 }
}

function rowOf({ name, pages: found, seconds }: Crawl): string[] {
  const sum = (f: (page: Page) => number): string => `${found.reduce((total, page) => total + f(page), 0)}`
  const perSecond = Math.round(found.length / seconds)
  const retries = sum(({ tries }) => tries - 1)
  return [name, `${found.length}`, retries, sum(({ failed }) => Number(failed)), seconds.toFixed(2), `${perSecond}`]
}

/** The site runs in a thread of its own, so that it does not share this event loop. */
async function withSite(work: (site: string) => Promise<void>): Promise<void> {
  const [control, far] = pipe<string, number>()
  const thread = new Thread(serveSite, [pages, far]).start()
  try {
    await work(`http://127.0.0.1:${await control.recv()}`)
  } finally {
    leaveBar()
    await shield(async () => {
      await control.send('end')
      const { requests, connections, mostAtOnce, unanswered } = await thread.join()
      console.log(`the server: ${requests} requests over ${connections} connections, at most ${mostAtOnce} at once`)
      console.log(`requests without an answer at the end: ${unanswered}`)
    })
  }
}

async function main(site: string): Promise<void> {
  console.log(`crawling ${pages} pages of ${site}`)
  const together = await measure(`${AT_ONCE} at once`, () => crawl(site))
  const sample = together.pages.slice(0, Math.max(20, pages / 50))
  const alone = await measure('one by one', () => oneByOne(site, sample))
  const head = ['', 'pages', 'retries', 'failed', 'seconds', 'pages/s']
  console.log(drawTable([head, rowOf(together), rowOf(alone)]))
}

try {
  // Another server, if there is one: SITE=http://127.0.0.1:8080
  const { SITE } = process.env
  await run(() => (SITE === undefined ? withSite(main) : main(SITE)))
} catch (error) {
  if (!isCancellation(error)) throw error
  console.log((error as Error).message)
  process.exitCode = 130
}
