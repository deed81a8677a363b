/** What the compiler accepts of executors and futures, and what it refuses. Checked by `npm run types`, never run. */
import { asCompleted, Future, LoopExecutor, wait } from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

const executor = new LoopExecutor()
const takesAnything = (value: unknown): unknown => value

// Results are awaited.
const sum = executor.submit((a: number, b: string) => `${a}${b}`, 1, 'x')
void (true satisfies Same<typeof sum, Future<string>>)
const later = executor.submit(async (n: number) => n, 1)
void (true satisfies Same<typeof later, Future<number>>)

export const accepted = [
  // The types of parameters are inferred from the arguments.
  () => executor.submit(n => n.toFixed(), 5),
  () => executor.submit(() => 5),
  () => executor.submit(takesAnything, { nested: [1, 'two', new Map([[1, new Date()]])] }),
  () => executor.submit(takesAnything, (n: number) => n),
  () =>
    executor.submit(
      (f: (n: number) => number) => f(1),
      (n: number) => n,
    ),
  () => executor.submit((value: unknown[]) => value, JSON.parse('[]')),
  () => executor.submit((value: number | Promise<number>) => value, 5),
]

export const refused = [
  // @ts-expect-error an argument is missing
  () => executor.submit((n: number) => n),
  // @ts-expect-error an argument is of another type
  () => executor.submit((n: number) => n, 'x'),
  // @ts-expect-error it is no function
  () => executor.submit('f'),

  // What cannot cross is refused where the function says that it takes it.
  // @ts-expect-error a promise
  () => executor.submit((value: Promise<number>) => value, Promise.resolve(1)),
  // @ts-expect-error a future
  () => executor.submit((value: Future<string>) => value, sum),
  // @ts-expect-error a symbol
  () => executor.submit((value: symbol) => value, Symbol('s')),
  // @ts-expect-error a weak map
  () => executor.submit((value: WeakMap<object, number>) => value, new WeakMap()),
  // @ts-expect-error a signal
  () => executor.submit((value: AbortSignal) => value, AbortSignal.timeout(5)),
  // @ts-expect-error a running generator
  () => executor.submit((value: AsyncGenerator<Date>) => value, items(3)),

  // @ts-expect-error an iterable is missing
  () => executor.map((a: number, b: string) => a + b.length, [1, 2]),
  // @ts-expect-error items of another type
  () => executor.map((a: number) => a, ['x']),
  // @ts-expect-error it returns nothing to iterate
  () => executor.stream((n: number) => n, 3),

  // @ts-expect-error an unknown option
  () => executor.with({ chunksize: 5 }),
  // @ts-expect-error a value that the option does not take
  () => executor.with({ chunkSize: 'big' }),
]

// map takes an iterable for each parameter.
const mapped = executor.map((a: number, b: string) => a + b.length, [1, 2], new Set(['x']))
void (true satisfies Same<Awaited<ReturnType<typeof mapped.toArray>>, number[]>)

// stream gives the items of the generator.
async function* items(count: number): AsyncGenerator<Date> {
  for (let n = 0; n < count; n++) yield new Date(n)
}
for await (const item of executor.stream(items, 3)) void (true satisfies Same<typeof item, Date>)

// wait and asCompleted keep the type of the futures. The loop gets futures, not values.
const { done } = await wait([later])
void (true satisfies Same<typeof done, Set<Future<number>>>)
const sources = new Map<Future<number>, string>([[later, 'where it comes from']])
for await (const future of asCompleted(sources.keys())) {
  void (true satisfies Same<ReturnType<typeof future.result>, number>)
  sources.get(future)?.toUpperCase()
}

// Futures are covariant, as promises are.
export const wide: Future<unknown> = later
export const wider: Promise<string | number> = later
