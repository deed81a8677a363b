/** The Processes that this thread has started and that have not ended. */

interface Child {
  readonly daemon: boolean
  /** Resolves when it has ended. */
  readonly sentinel: Promise<number>
}

const children = new Set<Child>()

export function childBegins(child: Child): void {
  children.add(child)
}

export function childEnded(child: Child): void {
  children.delete(child)
}

export function ownChildren(): ReadonlySet<Child> {
  return children
}

/** Resolves when none is left that is no daemon, those included that begin meanwhile. */
export async function ownChildrenEnd(): Promise<void> {
  for (;;) {
    const left = [...children].filter(child => !child.daemon)
    if (left.length === 0) return
    await Promise.all(left.map(child => child.sentinel))
  }
}
