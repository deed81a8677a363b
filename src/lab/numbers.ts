/** Measured numbers as people read them. */

/** `1,234,567`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Milliseconds: `412 ms`, `9.5 ms`. */
export function ms(value: number): string {
  return value < 9.95 ? `${value.toFixed(1)} ms` : `${whole(value)} ms`
}

/** `31 %`, and `0.4 %` or `<0.1 %` of what is little but there. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0 || value >= 9.95) return `${Math.round(value)} %`
  return value < 0.1 ? '<0.1 %' : `${value.toFixed(1)} %`
}

/** `2.05 times`. */
export function times(factor: number): string {
  return `${factor < 10 ? factor.toFixed(2) : whole(factor)} times`
}

/** `1 schedule`, `20 schedules`. */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`
}
