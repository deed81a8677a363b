import { type Hosted, task } from 'multitask'

/** An account as anybody would write one: it knows nothing of processes. */
export class Account {
  #balance = 0

  deposit(amount: number): number {
    this.#balance += amount
    return this.#balance
  }

  withdraw(amount: number): number {
    if (amount > this.#balance) throw new RangeError(`only ${this.#balance} left`)
    this.#balance -= amount
    return this.#balance
  }
}

export const saveAndSpend = task(async function saveAndSpend(account: Hosted<Account>): Promise<void> {
  for (let i = 0; i < 10; i++) await account.deposit(5)
  await account.withdraw(20)
})
