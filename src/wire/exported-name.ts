/** Looks for a function among the values of an object, such as the exports of a module. */

/** The name of the property whose value is this function. */
export function exportedName(module: unknown, fn: Function): string | undefined {
  if (typeof module !== 'object' || module === null) return undefined
  return Object.keys(module).find(name => isValueOf(module as Record<string, unknown>, name, fn))
}

/** Whether the property is there, initialised, and this function. */
export function isValueOf(variables: Readonly<Record<string, unknown>>, name: string, fn: Function): boolean {
  try {
    return variables[name] === fn
  } catch {
    // Not initialised yet, so it is another one.
    return false
  }
}
