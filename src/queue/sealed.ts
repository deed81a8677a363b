/**
 * Sealed: an item that passes through a thread which has no business with what is in it. It may be of a class or a module
 * that only those know who put and take it.
 */
export class Sealed {
  /** Of a message, serialized. */
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

let passes = false

/** From now on this thread opens no item that was packed. */
export function passSealed(): void {
  passes = true
}

export function staysSealed(): boolean {
  return passes
}
