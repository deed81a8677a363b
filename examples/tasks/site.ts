/** A web site for crawlers, on loopback: each page has links, some are slow, some fail. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Connection, sleep, task } from 'multitask'

/** What the server has counted when it ends. */
export interface Served {
  readonly requests: number
  readonly connections: number
  /** How many requests were answered at once, at most. */
  readonly mostAtOnce: number
  /** What there still was when it ended: requests whose clients wait, and open connections. */
  readonly unanswered: number
  readonly connected: number
}

const FAST = 10
const SLOW = 200

/** What becomes of a request: 5 % are slow, 2 % fail once or for ever, and one in a thousand is never answered. */
function fateOf(page: number, times: number): { readonly status: number; readonly delay: number } {
  if (page % 250 === 107) return { status: 500, delay: FAST }
  if (page % 50 === 7 && times === 1) return { status: 503, delay: FAST }
  if (page % 1000 === 13 && times === 1) return { status: 200, delay: Infinity }
  return { status: 200, delay: page % 20 === 3 ? SLOW : FAST }
}

function pageOf(page: number, pages: number): string {
  const near = Array.from({ length: 5 }, (_, index) => page + index + 1)
  const far = Array.from({ length: 5 }, (_, index) => page * 5 + index + 1)
  const links = [...near, ...far].filter(each => each < pages)
  return `<h1>${page}</h1>${links.map(each => `<a href="/${each}">${each}</a>`).join('\n')}${' '.repeat(2000)}`
}

/** What a client has given up arrives a moment later. Gives up after two seconds. */
async function untilTrue(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isTrue(); i++) await sleep(10)
}

/**
 * Serves as many pages until the other end says `end`, or `when all have left`. Sends the port
 * first. At `/requests` it says how many there were.
 */
export const serveSite = task(async function serveSite(
  pages: number,
  control: Connection<number, string>,
): Promise<Served> {
  const visits = new Map<number, number>()
  let requests = 0
  let connections = 0
  let open = 0
  let answering = 0
  let mostAtOnce = 0
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/requests') return void response.end(`${requests}`)
    requests++
    mostAtOnce = Math.max(mostAtOnce, ++answering)
    const page = Number(request.url?.slice(1))
    const times = (visits.get(page) ?? 0) + 1
    visits.set(page, times)
    const { status, delay } = fateOf(page, times)
    const timer =
      delay === Infinity
        ? undefined
        : setTimeout(() => {
            response.writeHead(status, { 'content-type': 'text/html' }).end(status === 200 ? pageOf(page, pages) : '')
          }, delay)
    // It comes when the answer is out, and when the client has hung up.
    response.once('close', () => {
      answering--
      clearTimeout(timer)
    })
  }
  const server = createServer(answer).listen(0, '127.0.0.1')
  server.on('connection', socket => {
    connections++
    open++
    socket.once('close', () => open--)
  })
  await once(server, 'listening')
  await control.send((server.address() as AddressInfo).port)
  const word = await control.recv()
  await untilTrue(() => answering === 0)
  const unanswered = answering
  if (word === 'when all have left') await untilTrue(() => open === 0)
  const connected = open
  server.close()
  // Connections that are kept alive, each by its client.
  server.closeAllConnections()
  return { requests, connections, mostAtOnce, unanswered, connected }
})
