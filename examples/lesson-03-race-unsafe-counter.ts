// Two threads add to one number, and lose updates: += reads, adds and writes, and the other thread may write in between.
import { SharedValue, ThreadPoolExecutor } from 'multitask'
import { increment } from './tasks/increment.ts'

const counter = new SharedValue('i32')
{
  await using executor = new ThreadPoolExecutor({ maxWorkers: 2 })
  for (let i = 0; i < 2; i++) void executor.submit(increment, counter, 100_000)
}
console.log(counter.value <= 200_000 ? 'True' : 'False')

// Output:
// True
