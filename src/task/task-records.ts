/** What goes on: the tasks of this thread as a tree, for programs and for people. */
import { now } from '../limits/clock.ts'
import { type CancelScope, labelOf, roots } from './cancel-scope.ts'
import { siteOf } from './debug-seam.ts'
import { Course } from './task-course.ts'

/** A task, or what holds tasks together, at the moment of the asking. */
export interface TaskRecord {
  readonly kind: 'task' | 'group' | 'gather' | 'map' | 'retry' | 'timeout' | 'shield' | 'run'
  /** '' if it has none. */
  readonly name: string
  /** `pending`: waits for its turn to begin; `cancelling`: was cancelled and is not over. */
  readonly state: 'pending' | 'running' | 'cancelling'
  /** Such as `sleep of 100 ms`, as far as this library knows; what else it awaits, nobody can see. */
  readonly waitsFor: string | undefined
  /** In ms, since it was begun. */
  readonly age: number
  /** The stack of where it was begun, in debug mode: see `debugTasks`. */
  readonly site: string | undefined
  readonly children: readonly TaskRecord[]
}

/** All tasks of this thread that are not over, and what they belong to, in the order in which they were begun. */
export function tasks(): TaskRecord[] {
  return [...roots].map(recordOf)
}

/** The same as text, a line for each, and where it was begun in debug mode. */
export function dumpTasks(): string {
  return tasks()
    .flatMap(root => lines(root, '', ''))
    .join('\n')
}

export function recordOf(scope: CancelScope): TaskRecord {
  const { work, reason, born, waitsFor } = scope
  const children: TaskRecord[] = []
  for (let child = scope.first; child !== undefined; child = child.next) children.push(recordOf(child))
  const isPending = scope instanceof Course && scope.state === 'pending'
  return Object.freeze({
    kind: work.kind,
    name: work.name,
    state: isPending ? 'pending' : reason === undefined ? 'running' : 'cancelling',
    waitsFor,
    age: now() - born,
    site: siteOf(scope),
    children,
  })
}

/** `head` is what stands before its own line, `rest` before those of its children. */
function lines(record: TaskRecord, head: string, rest: string): string[] {
  const { state, waitsFor, age, site, children } = record
  const waits = waitsFor === undefined ? '' : `, waits for ${waitsFor}`
  const frames = site?.split('\n').map(frame => `${rest}      ${frame.trim()}`) ?? []
  const below = children.flatMap((child, index) =>
    index === children.length - 1 ? lines(child, `${rest}└─ `, `${rest}   `) : lines(child, `${rest}├─ `, `${rest}│  `),
  )
  return [`${head}${labelOf(record)}: ${state}${waits}, ${span(age)}`, ...frames, ...below]
}

function span(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
