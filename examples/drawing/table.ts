/** Draws rows of equal length as a table. The first row is the head, the first column is set to the left. */
export function drawTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const widths = head.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map(width => '─'.repeat(width + 2)).join(middle) + right
  const line = (row: readonly string[]): string =>
    `│${row.map((cell, column) => ` ${column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)} `).join('│')}│`
  return [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...body.map(line), rule('└', '┴', '┘')].join('\n')
}
