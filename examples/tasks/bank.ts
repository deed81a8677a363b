import { task } from 'multitask'

export class NotEnoughError extends Error {
  override name = 'NotEnoughError'
  readonly missing: number
  constructor(message: string, missing: number, options: ErrorOptions) {
    super(message, options)
    this.missing = missing
  }
}

const balance = 100

export const withdraw = task(function withdraw(amount: number): number {
  const left = balance - amount
  if (left >= 0) return left
  throw new NotEnoughError(`cannot withdraw ${amount}`, -left, {
    cause: new RangeError(`the balance would be ${left}`),
  })
})
