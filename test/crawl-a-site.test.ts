/** The crawler of examples/, on a small site, and what it leaves behind when it is interrupted: nothing. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { pipe, Thread } from 'multitask'
import { type Served, serveSite } from '../examples/tasks/site.ts'

const LIMIT = { timeout: 60_000 }
const program = fileURLToPath(new URL('../examples/crawl-a-site.ts', import.meta.url))
const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-check', '--no-lock'] : []

interface End {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** Runs it with so many pages. `interrupted`: sends it a SIGINT in the middle. */
async function crawl(pages: number, interrupted: boolean = false, site?: string): Promise<End> {
  const env = site === undefined ? process.env : { ...process.env, SITE: site }
  const child = spawn(process.execPath, [...flags, program, `${pages}`], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', chunk => (stderr += chunk))
  child.stdout.on('data', chunk => {
    const first = stdout === ''
    stdout += chunk
    if (first && interrupted) void inTheMiddle(stdout).then(() => process.kill(child.pid!, 'SIGINT'))
  })
  const [code, signal] = await once(child, 'close')
  return { code: code ?? signal, stdout, stderr }
}

/** Resolves when the server that the program has named got some hundred requests. */
async function inTheMiddle(line: string): Promise<void> {
  const [site] = /http:\S+/.exec(line) ?? []
  let requests = 0
  while (requests < 300) {
    // A connection of its own, which is closed when it has the answer.
    const request = get(`${site}/requests`, { agent: false })
    const [response] = await once(request, 'response')
    requests = Number(await text(response))
  }
}

void test('it finds every page, tries again what fails, and gives up what always does', LIMIT, async () => {
  const { code, stdout, stderr } = await crawl(300)
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, stdout)
  const [, pages, retries, failed] = /100 at once │ +(\d+) │ +(\d+) │ +(\d+) │/.exec(stdout) ?? []
  // Page 107 is tried four times, each other page of the 2 % twice, and page 13 once more because of its time limit.
  assert.deepEqual([pages, failed], ['300', '1'])
  assert.ok(Number(retries) >= 9, stdout)
  assert.match(stdout, /one by one +│ +20 │/)
  const [, most] = /at most (\d+) at once/.exec(stdout) ?? []
  assert.ok(Number(most) <= 100, stdout)
  assert.match(stdout, /requests without an answer at the end: 0\n$/)
})

void test('Ctrl-C ends it with 130: no request waits for its answer, and no connection is open', LIMIT, async () => {
  const [control, far] = pipe<string, number>()
  // So many that it would go on for long.
  const thread = new Thread(serveSite, [100_000, far]).start()
  const site = `http://127.0.0.1:${await control.recv()}`
  const { code, stdout, stderr } = await crawl(100_000, true, site)
  await control.send('when all have left')
  const { unanswered, connected, requests }: Served = await thread.join()
  assert.deepEqual({ code, stderr, unanswered, connected }, { code: 130, stderr: '', unanswered: 0, connected: 0 })
  assert.ok(requests >= 300)
  assert.equal(stdout, `crawling 100000 pages of ${site}\nthe program was asked to end by SIGINT\n`)
})

void test('so it does with a server of its own: before it ends, each request has ended', LIMIT, async () => {
  const { code, stdout, stderr } = await crawl(100_000, true)
  assert.deepEqual({ code, stderr }, { code: 130, stderr: '' }, stdout)
  assert.match(stdout, /requests without an answer at the end: 0\nthe program was asked to end by SIGINT\n$/)
})
