export class Account {
  balance = 100

  async withdraw(amount: number): Promise<void> {
    const { balance } = this
    await audit(amount)
    this.balance = balance - amount
  }
}

/** As asking a server does, it takes a while. */
function audit(_amount: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 1))
}
