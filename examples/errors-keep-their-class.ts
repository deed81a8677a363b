// What a function throws on a thread arrives as what it was: its class, its properties, its cause, and both stacks.
import { ThreadPoolExecutor } from 'multitask'
import { NotEnoughError, withdraw } from './tasks/bank.ts'

await using executor = new ThreadPoolExecutor()
try {
  await executor.submit(withdraw, 500)
} catch (error) {
  if (!(error instanceof NotEnoughError)) throw error
  console.log(`${error.name}: ${error.message}`)
  console.log('missing', error.missing)
  console.log('caused by', error.cause instanceof RangeError, String(error.cause))
  console.log(
    'thrown in',
    /bank/.exec(error.stack!)?.[0],
    'and submitted in',
    /errors-keep-their-class/.exec(error.stack!)?.[0],
  )
}

// Output:
// NotEnoughError: cannot withdraw 500
// missing 400
// caused by true RangeError: the balance would be -400
// thrown in bank and submitted in errors-keep-their-class
