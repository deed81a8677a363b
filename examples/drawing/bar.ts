const WIDTH = 30
/** Milliseconds between two drawings. */
const PAUSE = 100

let drawnAt = 0
let isOpen = false

/** Draws how far something is, over the last drawing. Only on a terminal. */
export function drawBar(name: string, done: number, total: number): void {
  const isLast = done === total
  if (!process.stderr.isTTY || (performance.now() - drawnAt < PAUSE && !isLast)) return
  drawnAt = performance.now()
  isOpen = !isLast
  const full = Math.floor((done / total) * WIDTH)
  process.stderr.write(`\r${name}  ${'█'.repeat(full).padEnd(WIDTH, '░')}  ${done} of ${total}${isLast ? '\n' : ''}`)
}

/** Goes on below a bar that was not drawn to its end. */
export function leaveBar(): void {
  if (isOpen) process.stderr.write('\n')
  isOpen = false
}
