import { Queue } from '../../dist/index.js'
import { type Company, line, type Passing } from './passing.ts'

async function alternate(items: number): Promise<void> {
  const queue = new Queue<number>(1)
  for (let item = 0; item < items; item++) {
    await queue.put(item)
    await queue.get()
  }
}

async function pass(items: number, company: Company): Promise<void> {
  const { tasks, room } = company
  const queue = new Queue<number>(room)
  const put = async (): Promise<void> => {
    for (let item = 0; item < items; item += tasks) await queue.put(item)
  }
  const take = async (): Promise<void> => {
    for (let item = 0; item < items; item += tasks) await queue.get()
  }
  await Promise.all(line(company, put, take))
}

export const queue: Passing = { alternate, pass }
