/** multitask/gil: a global interpreter lock that can be switched on, and off again. */
export { Gil, type GilOptions, type GilStatistics } from './gil.ts'
export type { Holding } from './gil-memory.ts'
