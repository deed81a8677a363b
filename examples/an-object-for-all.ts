// An object stays where it was made. Processes, and threads, call its methods there, one call at a time.
import { host, ProcessPoolExecutor } from 'multitask'
import { Account, saveAndSpend } from './tasks/account.ts'

const account = host(new Account())
await using pool = new ProcessPoolExecutor({ maxWorkers: 2 })
await Promise.all([pool.submit(saveAndSpend, account), pool.submit(saveAndSpend, account)])
console.log(await account.deposit(0))
try {
  await pool.submit((each: typeof account) => each.withdraw(1000), account)
} catch (error) {
  console.log(error instanceof RangeError, (error as Error).message)
}

// Output:
// 60
// true only 60 left
