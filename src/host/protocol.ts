/**
 * What the parts of a host say to each other.
 *
 * A thing that lives in the memory of one process is used from another in its name, by an agent: a thread of the owner
 * that does to the thing what the client asks for, and is to the others what the client would be if it were a thread.
 *
 *   client thread — relay thread ≈ socket ≈ agent thread — the thing
 *                        ≈ socket ≈ door thread, which starts the agents and ends those whose clients have died
 */
import type { ThreadPlace } from '../memory/thread-table.ts'
import type { Sent } from '../sync/handles.ts'
import type { Packed } from '../wire/pack.ts'

/** The type of an object of a user's class, within the process that has it. */
export const OBJECT = 'HostedObject'

/** Where the door of an owner is, and the word that opens it. */
export interface DoorAddress {
  readonly socket: string
  readonly password: string
  /** The number of the process that has it. */
  readonly process: number
}

/** What crosses of a thing. */
export interface HostedThing {
  /** Its class. */
  readonly kind: string
  /** By which the owner knows it. */
  readonly number: number
  readonly door: DoorAddress
  /** What a stand-in needs to know of it. */
  readonly extra: unknown
  /** How a process that has the same table of threads gets at the thing itself. */
  readonly mapped?: MappedThing | undefined
}

/** A thing in memory that other processes can have. */
export interface MappedThing {
  /** The name of the table. */
  readonly neighbourhood: string
  /** What would cross to another thread, but for the memory itself. */
  readonly sent: Sent
  /** The end of a pipe that it is. */
  readonly side?: number | undefined
}

// ── client and agent ──

/** How an agent does what it is asked for: as a task of its thread, or as the thread itself, which may block. */
export const AWAITS = 0
export const BLOCKS = 1

export interface Call {
  /** The number of a thing. */
  readonly thing: number
  /** The member of the thing that is meant, if it is not itself: its lock. */
  readonly part: 'lock' | undefined
  readonly verb: string
  /** Nothing that may be changed later. */
  readonly args: readonly unknown[]
  /** If it may wait: in ms. */
  readonly timeout: number | undefined
  /** Which of the client's tasks asks, for what has an owner. */
  readonly owner: number | undefined
}

/*
 * What is asked for, and answered, in one go is one message: an array of requests or of answers. Each is an array itself,
 * as the names of properties would cost more than what stands in them.
 */

export type CallRequest = readonly [
  id: number,
  how: typeof AWAITS | typeof BLOCKS,
  thing: number,
  part: Call['part'],
  verb: string,
  args: readonly unknown[],
  timeout: number | undefined,
  owner: number | undefined,
  /** If the client blocks for it: how many answers it has heard. */
  heard: number | undefined,
]

/** In the place of an id: nobody wants that call any more. It is answered all the same: it may have come to something. */
export const CANCEL = -1
/** The client has lost its last stand-in for that thing. */
export const DROP = -2

export type Request = CallRequest | readonly [typeof CANCEL, call: number] | readonly [typeof DROP, thing: number]

/* What a call came to. */
export const VALUE = 0
/** A guard was given. */
export const GUARD = 1
/** Bytes of a value that the agent has not opened. */
export const SEALED = 2
/** A packed error. */
export const ERROR = 3
/** It was cancelled in time. */
export const CANCELLED = 4
/** Bytes of an error that the agent has not opened. */
export const SEALED_ERROR = 5
/**
 * Nothing was done: guards were given of which the client had not heard when it began to block. It could let go of none of
 * them now, and somebody who waits for one may be the one for whom it waits. So it gives them back first.
 */
export const GUARDS_FIRST = 6

/** Calls that came to nothing but an end, with numbers that follow each other: `content` is how many. */
export const DONE = 7

export type Answer = readonly [id: number, what: number, content?: unknown]

// ── relay and door ──

/** The first message of a relay to the door. The stream stays open as long as the client lives. */
export interface Knock {
  readonly password: string
  readonly name: string
}

/** Where the agent of the client waits, and the word that it wants to hear. */
export type AgentAddress = Omit<DoorAddress, 'process'>

export type Welcome = AgentAddress | { readonly refusal: string }

// ── owner, door and agents, within a process ──

export interface DoorBoot {
  /** Of the owner. */
  readonly owner: ThreadPlace
  readonly door: DoorAddress
  readonly port: unknown
}

/** What the owner tells its door. */
export type OwnerMessage =
  | { readonly type: 'thing'; readonly number: number; readonly kind: string; readonly data: Packed }
  /** The owner has no handle of it any more. */
  | { readonly type: 'forgotten'; readonly number: number }

/** The call of a method, which only the thread can make that made the object. */
export interface ObjectCall {
  readonly call: number
  readonly object: number
  readonly method: string
  /** Of the arguments. */
  readonly bytes: Uint8Array
}

/** What it came to. */
export interface ObjectOutcome {
  readonly call: number
  readonly failed: boolean
  /** Of the value, or of the error. */
  readonly bytes: Uint8Array
}

/** What a door tells its owner. */
export type DoorMessage =
  | { readonly type: 'failed'; readonly message: string }
  /** By this port an agent asks for calls of objects: an ObjectCall is answered by an ObjectOutcome. */
  | { readonly type: 'agent'; readonly port: unknown }

export interface AgentBoot {
  readonly place: ThreadPlace
  readonly address: AgentAddress
  readonly port: unknown
  /** To the owner, for calls of its objects. */
  readonly owner: unknown
}

export type AgentMessage =
  | { readonly type: 'listens' }
  | { readonly type: 'needs'; readonly number: number }
  | { readonly type: 'dropped'; readonly number: number }

/** What the door tells an agent. Of a thing that is not there any more, `kind` is undefined. */
export interface AgentOrder {
  readonly number: number
  readonly kind: string | undefined
  readonly data: Packed
}

// ── neighbours ──

/** What the keeper of a bell is started with. */
export interface KeeperBoot {
  readonly owner: ThreadPlace
  /** The descriptor from which it reads. */
  readonly bell: number
}

/** The first and only message of the keeper of a process to that of the process that started it. */
export interface Presence {
  readonly password: string
  /** The first thread of the process. */
  readonly identity: number
}

// ── client and relay, within a process ──

export interface RelayBoot {
  readonly port: unknown
  readonly words: Int32Array
  readonly door: DoorAddress
  /** Of the client, for people. */
  readonly name: string
}

/* The words that a client shares with its relay. */

/** How often something has come. */
export const ARRIVED = 0
/** Whether nothing more will come. */
export const LOST = 1
export const RELAY_WORDS = 2
