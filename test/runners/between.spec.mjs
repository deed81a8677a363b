// Runs in vitest with the plugin of multitask/transform.
import { check } from 'multitask/checker'

const audit = () => new Promise(resolve => setTimeout(resolve, 1))

function bank() {
  const account = { balance: 100 }
  const withdraw = async () => {
    const { balance } = account
    await audit()
    account.balance = balance - 10
  }
  return { threads: { ann: withdraw, bob: withdraw }, check: () => expect(account.balance).toBe(80) }
}

test('what is read before an await is old after it', async () => {
  const found = await check(bank, { awaits: 'io' }).catch(error => error)
  expect(found.schedule.replay).toBe('A1B2A1')
  expect(found.schedule.steps.at(-1).text).toBe('await audit() (between.spec.mjs:10)')
})
