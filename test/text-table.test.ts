/** Tables as text, written out by hand. */
import { expect, it } from 'vitest';
import { type Column, formatBytes, formatCount, formatTable, tableLines } from '../src/text-table.js';

const COLUMNS: readonly Column[] = [
  ['layer', 'left'],
  ['ms', 'right', 6],
  ['note', 'left'],
];

it('columns are as wide as their widest cell, and at least as wide as asked for', () => {
  const rows = [
    ['convolution', '1.25', ''],
    ['fc', '1234.5678', 'slow'],
  ];
  expect(tableLines(COLUMNS, rows)).toEqual([
    'layer               ms  note',
    'convolution       1.25',
    'fc           1234.5678  slow',
  ]);
  expect(tableLines(COLUMNS, [])).toEqual(['layer      ms  note']);
});

it('a rule stands under the headings', () => {
  expect(formatTable(COLUMNS, [['fc', '1.25', 'x']])).toBe(
    'layer      ms  note\n─────  ──────  ────\nfc       1.25  x',
  );
});

it('counts and bytes', () => {
  expect([0, 999, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,234,567']);
  expect([0, 1023, 1024, 1536, 2 ** 20, 102_236_160].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '1.0 MiB',
    '97.5 MiB',
  ]);
});
