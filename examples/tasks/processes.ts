import { task } from 'multitask'

export const ownPid = task(function ownPid(): number {
  return process.pid
})

const state = { n: 1 }

export const change = task(function change(): void {
  state.n = 2
  console.log('child', state.n)
})

export function show(): void {
  console.log('parent', state.n)
}

/** 0 + 1 + … + (n - 1), the slow way. */
export const sumBelow = task(function sumBelow(n: number): number {
  let total = 0
  for (let i = 0; i < n; i++) total += i
  return total
})
