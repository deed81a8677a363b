export function noop(): void
export function echo<T>(value: T): T
export function double(number: number): number
export function doubleAll(numbers: readonly number[]): number[]
export function spin(turns: number): number
export function spinAll(items: readonly number[]): number[]
export function pause(milliseconds: number): Promise<void>
