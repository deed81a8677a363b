// One task puts orders into a queue with two places, and waits while it is full. Two others take and do them.
import { Queue } from 'multitask'

const orders = new Queue<string>(2, { name: 'orders' })
const cook = (dish: string): Promise<string> => new Promise(resolve => setTimeout(() => resolve(`${dish} is ready`), 5))

async function work(): Promise<void> {
  for await (const dish of orders) {
    console.log(await cook(dish))
    orders.taskDone()
  }
}

const cooks = [work(), work()]
for (const dish of ['soup', 'fish', 'rice', 'cake', 'tea']) await orders.put(dish)
console.log('all is ordered, and waits:', orders)
await orders.join()
console.log('all is done:', orders)

// Loops over a queue end when it is shut down.
orders.shutdown()
await Promise.all(cooks)

// Output:
// soup is ready
// all is ordered, and waits: Queue "orders" { 2 of 2 items, 4 unfinished }
// fish is ready
// rice is ready
// cake is ready
// tea is ready
// all is done: Queue "orders" { 0 of 2 items, 2 getting }
