/** Bytes as printable text and back, for random bytes. */
import { describe, expect, test } from 'vitest';
import { fromPrintable, toPrintable } from '../../../../src/backends/wasm/inlined/printable.js';
import fc from '../../../support/properties.js';

describe('bytes as printable text', () => {
  test('bytes survive the way there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
        expect(fromPrintable(toPrintable(bytes))).toEqual(bytes);
      }),
    );
  });

  test('every byte has a text, also the rare ones', () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, i) => (i < 768 ? i % 96 : i));
    expect(fromPrintable(toPrintable(bytes))).toEqual(bytes);
  });

  test('the text neither ends a string, nor needs an escape, nor begins a tag', () => {
    const text = toPrintable(Uint8Array.from({ length: 4096 }, (_, i) => (i * i) >> 3));
    expect(text).toMatch(/^[ -~]+$/);
    expect(text).not.toMatch(/["$'<\\`]/);
  });
});
