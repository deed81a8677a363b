/** Environment variables, where there are such things and they may be read. */

type Host = { readonly process?: Partial<Pick<NodeJS.Process, 'env'>> }
type DenoHost = { readonly Deno?: { readonly permissions: { querySync(asked: object): { readonly state: string } } } }

/** The value of a variable; undefined if there is none, in a browser, and where Deno would first have to ask the user. */
export function environment(variable: string): string | undefined {
  const deno = (globalThis as DenoHost).Deno
  if (deno !== undefined && deno.permissions.querySync({ name: 'env', variable }).state !== 'granted') return undefined
  return (globalThis as Host).process?.env?.[variable]
}
