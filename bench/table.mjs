/** Prints rows of cells as a table. The first column and the last `left` columns are aligned to the left. */
export function printTable(rows, { left = 0 } = {}) {
  const columns = rows[0].length;
  const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => row[k].length)));
  for (const row of rows) {
    const cells = row.map((cell, k) =>
      k === 0 || k >= columns - left ? cell.padEnd(widths[k]) : cell.padStart(widths[k]),
    );
    console.log(`    ${cells.join('  ').trimEnd()}`);
  }
}
