/**
 * What the types know about sending: the argument types that can never cross to another thread are errors in the editor.
 *
 * Types see little of it. Whether an object holds a socket, or what a function captures, shows only when it is sent;
 * that is a CannotSendError. Unions pass if one of their members can be sent, for the same reason.
 */

/** Stands where an argument cannot be sent, so that the compiler's message shows `why`. */
interface Unsendable<Why extends string> {
  readonly [unsendable]: Why
}

declare const unsendable: unique symbol

/** `unknown`, which changes nothing, for what may be sent; an `Unsendable` for what may not. */
export type CannotSend<T> = 0 extends 1 & T // any
  ? unknown
  : [T] extends [never]
    ? unknown
    : T extends PromiseLike<unknown>
      ? Unsendable<'a promise belongs to this thread: await it and send its value'>
      : T extends WeakMap<WeakKey, unknown> | WeakSet<WeakKey> | WeakRef<WeakKey>
        ? Unsendable<'weak references belong to this thread: send the objects themselves'>
        : T extends symbol
          ? Unsendable<'a symbol means nothing in another thread: send a string'>
          : T extends AbortSignal
            ? Unsendable<'a signal is not an argument: use executor.with({ signal }) and currentTask().signal'>
            : T extends Generator | AsyncGenerator
              ? Unsendable<'a running generator belongs to this thread: send its items, or run it there with executor.stream'>
              : unknown
