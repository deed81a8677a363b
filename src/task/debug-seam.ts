/**
 * Where the life of scopes is told to debug mode, and to nobody as long as it is off: then each of these places costs one
 * look at a variable. What debug mode makes of it stands above, in debug.ts.
 */
import { environment } from '../platform/environment.ts'
import type { CancelScope } from './cancel-scope.ts'

export interface Observer {
  /** Code of the scope runs at this moment; undefined for code that is in none. */
  runs(scope: CancelScope | undefined): void
  /** A wait in the scope is over; its code will go on. */
  resumes(): void
  cancelled(scope: CancelScope): void
  closed(scope: CancelScope): void
  /** Somebody else tells if the scope goes on though it is cancelled. */
  exempt(scope: CancelScope): void
}

/** Set as long as debug mode is on. */
export let observer: Observer | undefined

export function setObserver(next: Observer | undefined): void {
  observer = next
}

/** Whether the environment switches it on, for all that is begun from the start. */
export const wantedByEnvironment: boolean = !['', '0', undefined].includes(environment('MULTITASK_DEBUG'))

let notesSites = wantedByEnvironment

/** Returns whether it was on before. */
export function noteSites(wanted: boolean): boolean {
  const before = notesSites
  notesSites = wanted
  return before
}

const sites = new WeakMap<object, string>()

/** Remembers where it is begun, in debug mode: the frames of the user that lead here. */
export function noteSite(of: object): void {
  if (notesSites) sites.set(of, new Error('site').stack?.split('\n').filter(isUserFrame).join('\n') ?? '')
}

export function siteOf(it: object): string | undefined {
  return sites.get(it)
}

const ownFolder = new URL('..', import.meta.url).href
const ownPath = decodeURI(new URL(ownFolder).pathname)

function isUserFrame(line: string): boolean {
  return /^\s+at /.test(line) && !line.includes(ownFolder) && !line.includes(ownPath) && !line.includes('node:')
}
