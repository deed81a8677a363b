/**
 * Where an experiment shows itself: the terminal, as the command has it. What an experiment knows of it is how wide it is;
 * whether there are colours, and whether anybody looks, is not its concern.
 */
export type Colour = 'blue' | 'yellow' | 'green' | 'red' | 'gray' | 'bold'

export interface Stage {
  /** Columns. */
  readonly width: number
  /** The text in a colour, or as it is where there are none. */
  paint(colour: Colour, text: string): string
  /** A sentence or two, in lines that fit, with an empty line behind. */
  say(text: string): void
  /** The lines of a picture, with an empty line behind. */
  draw(lines: readonly string[]): void
  /** What goes on meanwhile, for those who wait. */
  note(text: string): void
}

export interface Experiment {
  /** Says what will happen, does it, draws what was seen, and says it in numbers. Rejects only for what is broken. */
  run(stage: Stage): Promise<void>
}
