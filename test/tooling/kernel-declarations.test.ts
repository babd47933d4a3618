/** What the build writes of the kernels' sources: records and codes for the host, operations for the kernels. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  codesModule,
  declarationsOf,
  kernelsModule,
  operationsModule,
  recordsModule,
} from '../../scripts/kernel-declarations.mjs';
import { BINARY_OPS, UNARY_OPS } from '../../src/backends/ops.js';
import { DTYPE_CODES } from '../../src/backends/wasm/generated/codes.js';
import { Windows } from '../../src/backends/wasm/generated/records.js';

const SOURCES = new Map([
  [
    'product.ts',
    `import { Format } from './format';
     // @ts-ignore: decorator
     @unmanaged
     export class Product { m: i32; a: usize; format: Format; }
     // @ts-ignore: decorator
     @unmanaged
     export class Wide { sum: f64; }
     // @ts-ignore: decorator
     @unmanaged
     class Hidden { m: i32; }
     export class Managed { m: i32; }
     export function product(args: Product): void {}`,
  ],
  ['format.ts', 'export const enum Format { Given, Float32 = 4, InPlace }\nenum Hidden { A }'],
]);

test('exported unmanaged classes of words are records, exported enumerations have codes', () => {
  expect(declarationsOf(SOURCES)).toEqual({
    records: [{ name: 'Product', fields: ['m', 'a', 'format'] }],
    enumerations: [
      {
        name: 'Format',
        members: [
          ['Given', 0],
          ['Float32', 4],
          ['InPlace', 5],
        ],
      },
    ],
  });
});

test('a record becomes an enumeration of words, and its length', () => {
  expect(recordsModule([{ name: 'Product', fields: ['m', 'a'] }])).toContain(
    'export const enum Product {\n  m = 0,\n  a = 1,\n  words = 2,\n  bytes = 8,\n}\n',
  );
});

test('an enumeration becomes a table of codes', () => {
  const members: [string, number][] = [
    ['InPlace', 0],
    ['Whole', 2],
  ];
  expect(codesModule([{ name: 'DType', members }])).toContain(
    'export const DTYPE_CODES = {\n  inPlace: 0,\n  whole: 2,\n} as const;\n',
  );
  expect(codesModule([{ name: 'ReduceOp', members }])).toContain('REDUCE_OP_CODES');
});

test('operations are numbered in the order of their list', () => {
  expect(operationsModule({ UnaryOp: ['negative', 'logicalNot'] })).toContain(
    'export const enum UnaryOp {\n  Negative,\n  LogicalNot,\n}\n',
  );
});

test('a kernel takes and gives numbers', () => {
  const declared = 'export function gemm(args: __Internref4): void;\nexport function heapBase(): number;\n';
  expect(kernelsModule(declared)).toContain('  gemm(args: number): void;\n  heapBase(): number;\n');
});

test('a field that a record lacks, or a member that an enumeration lacks, does not compile', () => {
  // @ts-expect-error
  expect(Windows.depth).toBeUndefined();
  // @ts-expect-error
  expect(DTYPE_CODES.float16).toBeUndefined();
});

test.each([
  ['export class A { words: i32; }', "a field of the record A cannot be called 'words'"],
  ['export enum A { B = C.D }', 'A.B is not a number'],
])('a member without a number is refused: %s', (source, message) => {
  const text = source.startsWith('export class') ? `// @ts-ignore: decorator\n@unmanaged\n${source}` : source;
  expect(() => declarationsOf(new Map([['a.ts', text]]))).toThrow(message);
});

test('the kernels of this package know every operation of the host, by its place', () => {
  const written = readFileSync('assembly/generated/ops.ts', 'utf8');
  for (const [enumeration, operations] of Object.entries({ UnaryOp: UNARY_OPS, BinaryOp: BINARY_OPS })) {
    const [, members = ''] = written.match(new RegExp(`enum ${enumeration} {(.*?)}`, 's')) ?? [];
    const names = Array.from(members.matchAll(/\w+/g), ([name]) => name.toLowerCase());
    expect(names).toEqual(operations.map((operation) => operation.toLowerCase()));
  }
});
