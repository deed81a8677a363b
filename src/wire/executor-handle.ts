/** How an executor crosses: by number, with what can be asked of it without going there. */
export interface ExecutorHandle {
  readonly number: number
  readonly name: string
  /** How many calls can run at the same time. */
  readonly width: number
}
