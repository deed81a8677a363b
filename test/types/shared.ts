/** What the compiler accepts of shared data, and what it refuses. Checked by `npm run types`, never run. */
import { Lock, RLock, SharedArray, type SharedStruct, sharedStruct, SharedValue, ThreadPoolExecutor } from 'multitask'

type Same<A, B> = [A, B] extends [B, A] ? true : false

const n = new SharedValue('i32')
const big = new SharedValue('u64', 1n, { lock: new RLock() })
const flag = new SharedValue('bool', true, { lock: false, name: 'flag' })
void (true satisfies Same<typeof n.value, number>)
void (true satisfies Same<typeof big.value, bigint>)
void (true satisfies Same<typeof flag.value, boolean>)
void (true satisfies Same<ReturnType<typeof big.add>, bigint>)
void (true satisfies Same<typeof n.lock, Lock | RLock>)

const floats = new SharedArray('f32', 5)
const bigs = new SharedArray('i64', [1n], { lock: true })
void (true satisfies Same<typeof floats.view, Float32Array<SharedArrayBuffer>>)
void (true satisfies Same<ReturnType<typeof bigs.at>, bigint>)
for (const item of bigs) void (true satisfies Same<typeof item, bigint>)

const Point = sharedStruct({ x: 'f64', id: 'u64', on: 'bool' })
const point = new Point({ x: 1, id: 2n }, { name: 'p' })
void (true satisfies Same<typeof point, SharedStruct<{ readonly x: 'f64'; readonly id: 'u64'; readonly on: 'bool' }>>)
void (true satisfies Same<typeof point.id, bigint>)
void (true satisfies Same<ReturnType<typeof point.toJSON>, { x: number; id: bigint; on: boolean }>)

class Named extends sharedStruct({ x: 'f64' }) {
  get double(): number {
    return this.x * 2
  }
}

export const accepted = [
  () => (n.value += 1),
  () => big.or(1n),
  () => flag.xor(true),
  () => n.update(value => value + 1),
  () => n.withSync(it => (it.value += 1)).toFixed(),
  () => floats.update(0, value => value / 2),
  () => bigs.compareExchange(0, 1n, 2n),
  () => new SharedArray('bool', new Set([true])),
  () => (point.x += 1),
  () => point.add('id', 1n),
  () => point.or('on', true),
  () => point.compareExchange('on', true, false),
  () => Point.array(5).at(0).id.toString(),
  () =>
    Point.array([{ x: 1 }, {}])
      .at(0)
      .load('on'),
  () => Named.array(3).at(1).double,
  () => new ThreadPoolExecutor().submit((value: SharedValue<'i32'>) => value.add(1), n),
  () => new ThreadPoolExecutor().submit((value: Named) => value.double, new Named()),
]

export const refused = [
  // @ts-expect-error no such type
  () => new SharedValue('int'),
  // @ts-expect-error a number is no bigint
  () => new SharedValue('i64', 0),
  // @ts-expect-error a bigint is no number
  () => (n.value = 1n),
  // @ts-expect-error a number is no boolean
  () => (flag.value = 1),
  // @ts-expect-error a bool is not added to
  () => flag.add(true),
  // @ts-expect-error a floating-point number has no bits to combine
  () => new SharedValue('f64').and(1),
  // @ts-expect-error an update that makes something else
  () => n.update(value => `${value}`),
  // @ts-expect-error no such option
  () => new SharedValue('i32', 0, { look: true }),
  // @ts-expect-error items of another type
  () => new SharedArray('i64', [1]),
  // @ts-expect-error the view is there to stay
  () => (floats.view = new Float32Array()),
  // @ts-expect-error no such field
  () => point.y,
  // @ts-expect-error no such field
  () => new Point({ y: 1 }),
  // @ts-expect-error a field of another type
  () => (point.id = 1),
  // @ts-expect-error no such field
  () => point.load('y'),
  // @ts-expect-error a bool is not added to
  () => point.add('on', true),
  // @ts-expect-error an f64 has no bits to combine
  () => point.and('x', 1),
  // @ts-expect-error no such type
  () => sharedStruct({ x: 'double' }),
  // @ts-expect-error structs do not nest
  () => sharedStruct({ at: Point }),
]
