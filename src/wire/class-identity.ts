/**
 * One class, one copy a thread.
 *
 * A class that crosses as text becomes another class on the other side, and without more care a new one with each
 * message: an object sent today would be no instance of the class sent yesterday, and an error that comes home would be
 * no instance of the class that it was made from. So such a class gets an identity when it first leaves. Whoever receives
 * one that it has (because it is the original, or because a copy came before) takes that.
 *
 * What is kept is weak: a class that nobody holds any more has no instances that could tell.
 */

/** Threads count for themselves; this keeps their numbers apart. Made on first use: Node loads `crypto` for it, 3 ms. */
let prefix: string | undefined
let count = 0

const identities = new WeakMap<Function, string>()
const classes = new Map<string, WeakRef<Function>>()
const forgotten = new FinalizationRegistry((identity: string) => {
  if (classes.get(identity)?.deref() === undefined) classes.delete(identity)
})

/** The identity of a class that crosses as text, given on first use. */
export function identityOf(class_: Function): string {
  const known = identities.get(class_)
  if (known !== undefined) return known
  prefix ??= `${crypto.getRandomValues(new Uint32Array(3)).join('-')}:`
  const identity = `${prefix}${++count}`
  adoptClass(identity, class_)
  return identity
}

/** Whether the class left this thread, or came here, before. */
export function hasIdentity(class_: Function): boolean {
  return identities.has(class_)
}

/** The class with this identity, if this thread has it. */
export function classWith(identity: string): Function | undefined {
  return classes.get(identity)?.deref()
}

/** Says that a class is this thread's copy of the one with this identity. */
export function adoptClass(identity: string, class_: Function): void {
  identities.set(class_, identity)
  classes.set(identity, new WeakRef(class_))
  forgotten.register(class_, identity)
}
