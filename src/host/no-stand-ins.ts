/** In the place of {@link file://./stand-ins.ts} in a page, which has no other processes. */
import { UnsupportedError } from '../errors.ts'

export function standInFor(): never {
  throw new UnsupportedError('a page has no other processes')
}
