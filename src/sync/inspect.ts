/** What a primitive looks like when it is printed: its class, its name and its state in a few words. */

/** Such as `Lock "db" { held by thread "MainThread", 2 waiting }`. Facts that are undefined are left out. */
export function summary(type: string, name: string, ...facts: readonly (string | undefined)[]): string {
  const said = facts.filter(fact => fact !== undefined).join(', ')
  return `${label(type, name)} { ${said} }`
}

/** Such as `Lock "db"`, or `Lock` if it has no name. */
export function label(type: string, name: string): string {
  return name === '' ? type : `${type} ${JSON.stringify(name)}`
}

/** `2 waiting`, if there are any. */
export function waiting(count: number): string | undefined {
  return count === 0 ? undefined : `${count} waiting`
}
