/** What a program shows to `multitask ps`. */
import { answerInspections } from '../platform/inspection-server.ts'
import { dumpTasks, type TaskRecord, tasks } from './task-records.ts'

/** Lets it be asked. Returns what ends that. Throws UnsupportedError. */
export function letInspect(): () => void {
  return answerInspections(() => ({ tasks: tasks().reduce(countIn, 0), tree: dumpTasks() }))
}

function countIn(sum: number, { kind, children }: TaskRecord): number {
  return children.reduce(countIn, kind === 'task' ? sum + 1 : sum)
}
