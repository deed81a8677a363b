/** How long this process has kept processors busy. */
import { cpuUsage } from 'node:process'

/** Milliseconds, of all threads together; two threads that calculate for a second make two seconds. */
export function cpuTime(): number {
  const { user, system } = cpuUsage()
  return (user + system) / 1000
}
