/** Messages by schema. Oracles: bytes written by hand, from the encoding's specification. */
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/errors.js';
import { Budget } from '../../src/formats/limits.js';
import { float, int, message, repeated, text } from '../../src/formats/protobuf/fields.js';
import { defaultsOf, readMessage, type Schema } from '../../src/formats/protobuf/messages.js';

const INNER = { a: int(1, 7), list: repeated(int(2, 0)), name: text(3, 'none') } satisfies Schema;
const OUTER = {
  one: message(1, INNER),
  many: repeated(message(2, INNER)),
  f: float(3, 1.5),
  capped: repeated(int(4, 0), 3),
} satisfies Schema;

const read = (...bytes: number[]) => readMessage(OUTER, Uint8Array.from(bytes), 'file');

describe('absent fields', () => {
  test('are their defaults, in messages of all depths', () => {
    const { one, many, f, capped } = read();
    expect([one.a, one.list, one.name, many, f, capped]).toEqual([7, [], 'none', [], 1.5, []]);
  });

  test('empty messages are one object, so that they take no memory of their own', () => {
    const { many, one } = read(0x12, 0, 0x12, 0, 0x12, 0, 0x0a, 0);
    expect(many).toHaveLength(3);
    expect(new Set([...many, one])).toEqual(new Set([defaultsOf(INNER)]));
  });

  test('a message has the fields that came as its own, and no others', () => {
    const { many } = read(0x12, 2, 0x08, 5, 0x12, 0);
    expect(Object.keys(many[0])).toEqual(['a']);
    expect([many[0].a, many[0].name, many[1].a]).toEqual([5, 'none', 7]);
    expect(Object.keys(read(0x1d, 0, 0, 0, 64))).toEqual(['f']);
  });

  test('fields of one message leak neither into the next nor into the defaults', () => {
    const first = read(0x0a, 4, 0x10, 1, 0x10, 2);
    const second = read(0x0a, 2, 0x10, 3);
    expect([first.one.list, second.one.list, read().one.list]).toEqual([[1, 2], [3], []]);
  });
});

test('a message that comes twice has the fields of both; lists go on', () => {
  const { one } = read(0x0a, 0, 0x0a, 4, 0x08, 1, 0x10, 2, 0x0a, 0, 0x0a, 5, 0x10, 3, 0x1a, 1, 0x41);
  expect([one.a, one.list, one.name]).toEqual([1, [2, 3], 'A']);
});

test('a list may be packed, or in pieces, or both', () => {
  const { one } = read(0x0a, 9, 0x12, 2, 1, 2, 0x10, 3, 0x12, 1, 4);
  expect(one.list).toEqual([1, 2, 3, 4]);
});

describe('limits', () => {
  const many = (n: number) => Uint8Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 0 : 0x12));
  const within = (bytes: Uint8Array, elements: number) =>
    readMessage(OUTER, bytes, 'file', new Budget('open', { elements }, bytes.length)).many.length;

  test('of the items of a list', () => {
    expect(within(many(100), 100)).toBe(100);
    expect(() => within(many(100), 99)).toThrow(FormatError);
    expect(() => within(many(100), 99)).toThrow('open: a list needs 100, more than limits.elements (99)');
  });

  test('of packed items, too', () => {
    const packed = Uint8Array.from([0x0a, 102, 0x12, 100, ...Array.from({ length: 100 }, () => 1)]);
    const at = (elements: number) => () =>
      readMessage(OUTER, packed, 'file', new Budget('open', { elements })).one.list.length;
    expect(at(100)()).toBe(100);
    expect(at(99)).toThrow('limits.elements');
  });

  test('of a schema', () => {
    expect(read(0x22, 3, 1, 2, 3).capped).toEqual([1, 2, 3]);
    expect(() => read(0x22, 4, 1, 2, 3, 4)).toThrow('a list has more than 3 items');
  });
});
