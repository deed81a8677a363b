// A lost update without any threads: whoever reads before an `await` and writes after it overwrites what others did meanwhile.
//
// The awaits of Account are plain ones. Its module is transformed as it is loaded, so that tasks change over at them.
// In a project this takes no line of code: `node --import multitask/checker/register`, or `transformPlugin` in vitest.
import assert from 'node:assert/strict'
import { Lock } from 'multitask'
import { type BuiltTest, check } from 'multitask/checker'
import { register } from 'multitask/transform'

register()
const { Account } = await import('./tasks/savings.ts')

function bank(lock: Lock | undefined): BuiltTest {
  const account = new Account()
  const withdraw = async (): Promise<void> =>
    lock === undefined ? account.withdraw(10) : lock.with(() => account.withdraw(10))
  return {
    threads: { ann: withdraw, bob: withdraw },
    check: () => assert.equal(account.balance, 80, `${account.balance} are left`),
  }
}

await check(() => bank(undefined)).catch((error: Error) => console.log(error.message))
console.log((await check(() => bank(new Lock()))).coverage)

// Output:
// check: 90 are left
//   #  ann                                 bob
//   1  begins
//   2  ·                                   begins
//   3                                      await audit(amount) (savings.ts:6)
//   4  await audit(amount) (savings.ts:6)  ·
//   ✗  check: 90 are left
//      schedule 4, 2 switches, replay: 'A1B2A1'
// every interleaving: 14 schedules
