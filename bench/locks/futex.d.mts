export function lock(words: Int32Array): void
export function unlock(words: Int32Array): void
