/** multitask/transform: makes awaits and loops of the user's code known to the checker and to a Gil. */
export { transformPlugin, type TransformPlugin } from './plugin.ts'
export { register } from './register.ts'
export type { LoadOptions } from './loading.ts'
export type { FileOptions, Pattern } from './files.ts'
export { transformSource, type TransformedSource, type TransformOptions } from './source.ts'
