/** Numbers for the functions that can be told to a worker once and called by number from then on. */
import { identifyFunction } from '../wire/function.ts'
import type { FunctionNode } from '../wire/function-node.ts'
import type { TaskFunction } from '../futures/executor.ts'

export interface NumberedFunction {
  readonly number: number
  readonly node: FunctionNode
}

export class FunctionTable {
  readonly #byKey = new Map<string, NumberedFunction>()
  // The last function asked for: a loop that submits asks for the same one each time.
  #lastFunction: TaskFunction | undefined
  #lastAnswer: NumberedFunction | undefined

  /** The function's number, or undefined if it has to travel with each call. Throws CannotSendError. */
  lookUp(fn: TaskFunction): NumberedFunction | undefined {
    if (fn === this.#lastFunction) return this.#lastAnswer
    const identity = identifyFunction(fn)
    let answer: NumberedFunction | undefined
    if (identity !== undefined) {
      answer = this.#byKey.get(identity.key)
      if (answer === undefined) {
        // Number 0 says that the function travels with the call.
        answer = { number: this.#byKey.size + 1, node: identity.node }
        this.#byKey.set(identity.key, answer)
      }
    }
    this.#lastFunction = fn
    this.#lastAnswer = answer
    return answer
  }
}
