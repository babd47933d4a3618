/** Tables as text, and the numbers in their cells. */

/** A column: its heading, the side on which its cells are flush, and the least width in characters. */
export type Column = readonly [heading: string, side: 'left' | 'right', leastWidth?: number];

/** Each column's width in characters: that of its widest cell. */
const widthsOf = (columns: readonly Column[], rows: readonly (readonly string[])[]): number[] =>
  columns.map(([heading, , least = 0], k) => Math.max(least, heading.length, ...rows.map((row) => row[k].length)));

/** The headings and the rows as lines of aligned cells. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(columns, rows);
  const headings = columns.map(([heading]) => heading);
  return [headings, ...rows].map((cells) =>
    cells
      .map((cell, k) => (columns[k][1] === 'left' ? cell.padEnd(widths[k]) : cell.padStart(widths[k])))
      .join('  ')
      .trimEnd(),
  );
}

/** The lines of {@link tableLines} as one text, with a rule under the headings. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const [headings, ...lines] = tableLines(columns, rows);
  const rule = widthsOf(columns, rows).map((width) => '─'.repeat(width));
  return [headings, rule.join('  '), ...lines].join('\n');
}

/** 1,234,567 */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** 512 B, 1.5 KiB, 97.5 MiB */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
