/** Lines of a stream of bytes, no further ahead than the chunk that they came in. */

export class LineReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  // Drops a byte order mark, and makes U+FFFD of what is no UTF-8.
  readonly #decoder = new TextDecoder()
  /** Lines that have come and were not read, from `#next`. */
  #lines: readonly string[] = []
  #next = 0
  /** The beginning of the line whose end has not come. */
  #begun = ''
  #ended = false

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /**
   * Up to `limit` lines, without their line ends (LF or CRLF): those that are there, or else the next that come.
   * None at the end. Rejects with the stream's error.
   */
  async read(limit: number): Promise<readonly string[]> {
    while (this.#next === this.#lines.length) {
      if (this.#ended) return []
      await this.#readChunk()
    }
    const lines = this.#lines.slice(this.#next, this.#next + limit)
    this.#next += lines.length
    return lines
  }

  async #readChunk(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    const text = done === true ? this.#decoder.decode() : this.#decoder.decode(value, { stream: true })
    this.#next = 0
    this.#lines = []
    this.#begun += text
    // A line of many chunks must not be searched, and so copied, once for each of them.
    if (text.includes('\n')) this.#split()
    if (done !== true) return
    this.#ended = true
    if (this.#begun !== '') this.#lines = [withoutReturn(this.#begun)]
  }

  #split(): void {
    const lines = this.#begun.split('\n')
    this.#begun = lines.pop()!
    this.#lines = lines.map(withoutReturn)
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
