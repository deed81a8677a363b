import { type Company, line, type Passing } from './passing.ts'

/** The queue that every runtime brings. Those who put share one writer, those who take one reader. */
function stream(room: number) {
  const strategy = new CountQueuingStrategy({ highWaterMark: room })
  const { writable, readable } = new TransformStream<number, number>(undefined, undefined, strategy)
  return { writer: writable.getWriter(), reader: readable.getReader() }
}

async function alternate(items: number): Promise<void> {
  const { writer, reader } = stream(1)
  for (let item = 0; item < items; item++) {
    await writer.write(item)
    await reader.read()
  }
}

async function pass(items: number, company: Company): Promise<void> {
  const { tasks, room } = company
  const { writer, reader } = stream(room)
  const put = async (): Promise<void> => {
    for (let item = 0; item < items; item += tasks) await writer.write(item)
  }
  const take = async (): Promise<void> => {
    for (let item = 0; item < items; item += tasks) await reader.read()
  }
  await Promise.all(line(company, put, take))
}

export const queue: Passing = { alternate, pass }
