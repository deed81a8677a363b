/**
 * The records that travel through the rings between two threads: what each word of their head means.
 *
 * Small calls and results are written whole into a record; what does not fit there leaves only the head, marked AWAY,
 * and its values come as a message on the port beside the rings, under the same serial.
 */

/** Cells of the head: [length, state] [kind and flags, slot] [serial, function]. */
export const HEAD_CELLS = 3

export const STATE = 1
export const KIND = 2
/** Where the sender keeps the call. */
export const SLOT = 3
/** Tells calls apart that used the same slot one after the other. */
export const SERIAL = 4
/** In calls: the number of the function, 0 if it travels with the arguments; above it the attempt, 1 for the first. */
export const FUNCTION = 5
export const ATTEMPT_SHIFT = 20
export const MOST_FUNCTIONS: number = 1 << ATTEMPT_SHIFT

/** Kinds, in the low byte of the word KIND. First what the parent sends, then what the worker sends. */
export const CALL = 1
export const BATCH = 2
export const STREAM = 3
export const RESULT = 4
export const FAILURE = 5
export const STARTED = 6
export const ITEMS = 7
/** Names of properties, numbered on; both directions. */
export const KEYS = 8
/** A record like the others, not a message beside them: it has to arrive before the result that follows it. */
export const PROGRESS = 9

/** Flags beside the kind. */
export const AWAY: number = 1 << 8
/** The worker tells when it starts the call. */
export const TELL_START: number = 1 << 9
/** Details of the call (name, deadline, attempt) follow the arguments. */
export const WITH_DETAILS: number = 1 << 10
/** The number of arguments, columns or items begins at this bit. */
export const COUNT_SHIFT = 11

/**
 * States of a call's record. Whoever moves it away from WAITING owns the call: the worker by starting it, the parent
 * by taking it back. This one compare-and-exchange makes `cancel()` exact and lets calls move to another worker.
 */
export const WAITING = 0
export const CLAIMED = 1
export const WITHDRAWN = 2
