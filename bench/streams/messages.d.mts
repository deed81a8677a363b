export type Shape = 'array' | 'text' | 'object'
export function makeMessage(shape: Shape): unknown
