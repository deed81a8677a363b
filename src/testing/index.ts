/** multitask/testing: for tests of programs that use multitask. */
export { settle, untilParked } from './settle.ts'
export { VirtualClock, type VirtualClockOptions } from './virtual-clock.ts'
