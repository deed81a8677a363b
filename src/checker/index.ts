/** multitask/checker: runs a test under every interleaving of its threads. */
export { check, type CheckOptions, type CheckReport } from './check.ts'
export { CheckError, type FailedSchedule } from './check-error.ts'
export type { TakenStep } from './course.ts'
export type { FailureKind } from './failure.ts'
export { drawLanes } from './lanes.ts'
export { drawSvg } from './svg.ts'
export type { Bodies, BuiltTest, CheckTest, SharedTest } from './program.ts'
