/** Tables as text: columns as wide as their widest cell. Knows nothing of what is in them. */

/** A column: its heading, and on which side its cells are flush. */
export type Column = readonly [heading: string, side: 'left' | 'right'];

/** The table with a line under its headings. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(([heading], k) => Math.max(heading.length, ...rows.map((row) => row[k].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => (columns[k][1] === 'left' ? cell.padEnd(widths[k]) : cell.padStart(widths[k])))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map(([heading]) => heading)), rule, ...rows.map(line)].join('\n');
}

/** 1,234,567 */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** 512 B, 1.5 KiB, 97.5 MiB */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
