/** What the compiler accepts of threads, and what it refuses. Checked by `npm run types`, never run. */
import { Thread, ThreadLocal } from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

const add = (a: number, b: number): number => a + b
const greet = async (name: string = 'you'): Promise<string> => name

// What join resolves to is awaited.
const sum = new Thread(add, [1, 2])
const joined = sum.start().join()
void (true satisfies Same<typeof joined, Promise<number>>)
const greeting = new Thread(greet).joinSync()
void (true satisfies Same<typeof greeting, string>)

export const accepted = [
  // Whatever its parameters are, it is a thread of a number.
  (): Thread<number> => sum,
  (): Thread => new Thread(add, [1, 2], { name: 'sum', daemon: true }),
  () => new Thread(greet, ['me']),
  () => new Thread(greet, [], { name: 'greeter' }),
  () => new Thread(n => n.toFixed(), [5]),
  () => new Thread((...all: number[]) => all.length, [1, 2, 3]),
  (): number => new ThreadLocal(() => 5).value,
  (): string => new ThreadLocal<string>().value,
]

export const refused = [
  // @ts-expect-error the arguments are missing
  () => new Thread(add),
  // @ts-expect-error one is missing
  () => new Thread(add, [1]),
  // @ts-expect-error one is of another type
  () => new Thread(add, [1, 'x']),
  // @ts-expect-error the arguments are no list
  () => new Thread(greet, 'me'),
  // @ts-expect-error it is no function
  () => new Thread(5),
  // @ts-expect-error a promise cannot cross
  () => new Thread((value: Promise<number>) => value, [Promise.resolve(1)]),
  // @ts-expect-error there is no such option
  () => new Thread(greet, [], { deamon: true }),
]
