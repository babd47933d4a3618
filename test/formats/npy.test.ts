/**
 * .npy files of every kind that NumPy writes, and of kinds that it does not. Oracle: NumPy's files and their listed
 * values.
 */
import { describe, expect, test } from 'vitest';
import { DTypeError, FormatError, ShapeError, ValueError } from '../../src/errors.js';
import type { HostArray } from '../../src/formats/host-array.js';
import { encodeNpy, parseNpy } from '../../src/formats/npy.js';
import { fixtureBytes, fixtureCases } from '../support/chainer-fixtures.js';
import { asListed, type ListedArray } from '../support/listed-values.js';

interface NpyCase extends ListedArray {
  name: string;
  op: string;
  file: string;
}

const cases = fixtureCases<NpyCase>('npz_io').filter(({ op }) => op === 'npy');

describe('parseNpy reads what NumPy wrote', () => {
  test.each(cases)('$name', ({ file, shape, values }) => {
    const array = parseNpy(fixtureBytes(`npz_io/${file}`));
    expect(array.shape).toEqual(shape);
    expect(asListed(array)).toEqual(values);
  });
});

describe('encodeNpy gives NumPy’s bytes', () => {
  // Version 1.0, little endian and row-major are what numpy.save chooses itself.
  const canonical = cases.filter(({ name }) => !/_be_|fortran_(f4|i4)|v2|v3/.test(name));
  test.each(canonical)('$name', ({ name, file }) => {
    const bytes = fixtureBytes(`npz_io/${file}`);
    const written = encodeNpy(parseNpy(bytes));
    // NumPy keeps the declared width of strings; the narrowest that holds them is written here.
    if (name === 'npy_unicode_array' || name === 'npy_bytes_array' || name === 'npy_unicode_scalar') {
      expect(parseNpy(written)).toEqual(parseNpy(bytes));
    } else {
      expect(written).toEqual(bytes);
    }
  });

  test('elements begin at a multiple of 64 bytes, also behind long headers', () => {
    const shape = new Array<number>(40).fill(1);
    const bytes = encodeNpy({ shape, dtype: 'uint8', data: Uint8Array.of(7) });
    expect((bytes.length - 1) % 64).toBe(0);
    expect(parseNpy(bytes)).toEqual({ shape, dtype: 'uint8', data: Uint8Array.of(7) });
  });

  test('an array that is a view of a larger buffer', () => {
    const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    expect(parseNpy(encodeNpy({ shape: [2], dtype: 'float32', data })).data).toEqual(new Float32Array([1, 2]));
  });

  test('refuses elements that do not fill the shape', () => {
    const array: HostArray = { shape: [2, 3], dtype: 'int32', data: new Int32Array(5) };
    expect(() => encodeNpy(array)).toThrow(ShapeError);
    expect(() => encodeNpy(array)).toThrow('encodeNpy: shape (2,3) takes 6 elements, got 5');
  });

  test('refuses bfloat16, which NumPy lacks, and None with a shape', () => {
    expect(() => encodeNpy({ shape: [1], dtype: 'bfloat16', data: new Float32Array(1) })).toThrow(DTypeError);
    expect(() => encodeNpy({ shape: [2], dtype: 'none', data: null })).toThrow(ShapeError);
  });

  test('refuses characters beyond a byte in byte strings', () => {
    expect(() => encodeNpy({ shape: [], dtype: 'bytes', data: ['aé☃'] })).toThrow(ValueError);
  });
});

/** A version 1.0 file with this header text and body. */
function npy(header: string, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...text,
    ...body,
  ]);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

describe('parseNpy takes every spelling NumPy takes', () => {
  test.each([
    `{"shape": (2L,), 'fortran_order' : False,'descr':'<i2'}`,
    `{'descr': '<i2', 'fortran_order': True, 'shape': (2,)}\n`,
    `{'shape': (1, 2,), 'descr': '=i2', 'fortran_order': False, }   \n`,
  ])('%s', (header) => {
    expect(parseNpy(npy(header, Uint8Array.of(1, 0, 2, 0))).data).toEqual(new Int16Array([1, 2]));
  });

  test('a Node Buffer, whose slices are views', () => {
    const bytes = Buffer.from(fixtureBytes('npz_io/npy/f4.npy'));
    expect(parseNpy(bytes)).toEqual(parseNpy(new Uint8Array(bytes)));
  });

  test('the bytes are copied', () => {
    const bytes = fixtureBytes('npz_io/npy/u1.npy');
    const array = parseNpy(bytes);
    bytes.fill(0);
    expect(asListed(array)).toEqual([0, 255, 39, 57, 38, 39]);
  });

  test('any non-zero byte of a bool is true', () => {
    const header = `{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }`;
    expect(parseNpy(npy(header, Uint8Array.of(0, 1, 255))).data).toEqual(Uint8Array.of(0, 1, 1));
  });
});

describe('parseNpy refuses with a FormatError', () => {
  const f4 = (shape: string) => npy(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`, new Uint8Array(8));
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing at all', new Uint8Array(0), /not a \.npy file/],
    ['another file', latin1('PK\x03\x04 and so on, at length'), /not a \.npy file/],
    ['a version to come', npy('{}').map((b, i) => (i === 6 ? 4 : b)), /version 4\.0 is unknown/],
    ['a header beyond the file', npy('{}').map((b, i) => (i === 8 ? 200 : b)), /header of 200 bytes does not fit/],
    ['an empty header', npy(''), /no '\{' at character 0/],
    ['a missing key', npy(`{'descr': '<f4', 'shape': (), }`), /lacks one of/],
    ['an unknown key', npy(`{'descr': '<f4', 'magic': 1, }`), /'descr', 'fortran_order' or 'shape'/],
    ['a header that is a program', npy(`__import__('os')`), /no '\{'/],
    ['text behind the header', npy(`{'descr': '<f4', 'fortran_order': False, 'shape': (0,)} + 1`), /no end/],
    ['too few elements', f4('(3,)'), /shape \(3,\) of 4-byte elements takes 12 bytes, but 8 follow/],
    ['too many elements', f4('(1,)'), /takes 4 bytes, but 8 follow/],
    ['a negative size', f4('(-2,)'), /no size/],
    ['a size beyond 2^53', f4('(18446744073709551616,)'), /out of range/],
    ['sizes whose product overflows', f4('(4294967296, 4294967296, 4294967296)'), /takes .* bytes, but 8/],
    ['sizes whose product is infinite', f4(`(${'9007199254740991, '.repeat(64)})`), /takes Infinity bytes/],
    ['infinitely many nothings', f4(`(${'9007199254740991, '.repeat(63)} 0)`), /takes NaN bytes/],
    ['65 dimensions', f4(`(${'1, '.repeat(65)})`), /65 dimensions/],
    [
      'many strings of no characters',
      npy(`{'descr': '<U0', 'fortran_order': False, 'shape': (999999999,), }`),
      /zero bytes/,
    ],
    ['structured dtypes', npy(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }`), /structured/],
    [
      'complex numbers',
      npy(`{'descr': '<c8', 'fortran_order': False, 'shape': (), }`, new Uint8Array(8)),
      /dtype '<c8'/,
    ],
    [
      'characters beyond Unicode',
      npy(`{'descr': '<U1', 'fortran_order': False, 'shape': (), }`, Uint8Array.of(0, 0, 0x11, 0)),
      /0x110000 in string 0 is not a character/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => parseNpy(bytes)).toThrow(FormatError);
    expect(() => parseNpy(bytes)).toThrow(message);
  });
});

describe('object arrays', () => {
  const objects = (shape: string, pickle: string) =>
    npy(`{'descr': '|O', 'fortran_order': False, 'shape': ${shape}, }`, latin1(pickle));

  // What pickle.dumps(numpy.array(None, dtype=object), protocol) gives with NumPy 2.4 for protocols 0 to 5.
  const nones = [
    'cnumpy._core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nc_codecs\nencode\np3\n(Vb\np4\nVlatin1\np5\ntp6\nRp7\ntp8\nRp9\n(I1\n(tcnumpy\ndtype\np10\n(VO8\np11\nI00\nI01\ntp12\nRp13\n(I3\nV|\np14\nNNNI-1\nI-1\nI63\ntp15\nbI00\n(lp16\nNatp17\nb.',
    'cnumpy._core.multiarray\n_reconstruct\nq\x00(cnumpy\nndarray\nq\x01(K\x00tq\x02c_codecs\nencode\nq\x03(X\x01\x00\x00\x00bq\x04X\x06\x00\x00\x00latin1q\x05tq\x06Rq\x07tq\x08Rq\t(K\x01)cnumpy\ndtype\nq\n(X\x02\x00\x00\x00O8q\x0bI00\nI01\ntq\x0cRq\r(K\x03X\x01\x00\x00\x00|q\x0eNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0fbI00\n]q\x10Natq\x11b.',
    '\x80\x02cnumpy._core.multiarray\n_reconstruct\nq\x00cnumpy\nndarray\nq\x01K\x00\x85q\x02c_codecs\nencode\nq\x03X\x01\x00\x00\x00bq\x04X\x06\x00\x00\x00latin1q\x05\x86q\x06Rq\x07\x87q\x08Rq\t(K\x01)cnumpy\ndtype\nq\nX\x02\x00\x00\x00O8q\x0b\x89\x88\x87q\x0cRq\r(K\x03X\x01\x00\x00\x00|q\x0eNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0fb\x89]q\x10Natq\x11b.',
    '\x80\x03cnumpy.core.multiarray\n_reconstruct\nq\x00cnumpy\nndarray\nq\x01K\x00\x85q\x02C\x01bq\x03\x87q\x04Rq\x05(K\x01)cnumpy\ndtype\nq\x06X\x02\x00\x00\x00O8q\x07\x89\x88\x87q\x08Rq\t(K\x03X\x01\x00\x00\x00|q\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0bb\x89]q\x0cNatq\rb.',
    '\x80\x04\x95\x87\x00\x00\x00\x00\x00\x00\x00\x8c\x16numpy._core.multiarray\x94\x8c\x0c_reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94K\x00\x85\x94C\x01b\x94\x87\x94R\x94(K\x01)h\x03\x8c\x05dtype\x94\x93\x94\x8c\x02O8\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94b\x89]\x94Nat\x94b.',
    '\x80\x05\x95\x87\x00\x00\x00\x00\x00\x00\x00\x8c\x16numpy._core.multiarray\x94\x8c\x0c_reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94K\x00\x85\x94C\x01b\x94\x87\x94R\x94(K\x01)h\x03\x8c\x05dtype\x94\x93\x94\x8c\x02O8\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94b\x89]\x94Nat\x94b.',
  ];
  const pair =
    '\x80\x03cnumpy.core.multiarray\n_reconstruct\nq\x00cnumpy\nndarray\nq\x01K\x00\x85q\x02C\x01bq\x03\x87q\x04Rq\x05(K\x01K\x02\x85q\x06cnumpy\ndtype\nq\x07X\x02\x00\x00\x00O8q\x08\x89\x88\x87q\tRq\n(K\x03X\x01\x00\x00\x00|q\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0cb\x89]q\r(NNetq\x0eb.';

  test.each(nones.map((pickle, protocol) => ({ protocol, pickle })))('None, protocol $protocol', ({ pickle }) => {
    expect(parseNpy(objects('()', pickle))).toEqual({ shape: [], dtype: 'none', data: null });
  });

  test('two of them', () => {
    expect(parseNpy(objects('(2,)', pair))).toEqual({ shape: [2], dtype: 'none', data: null });
    expect(() => parseNpy(objects('(3,)', pair))).toThrow('it has 2 elements, but shape (3,) takes 3');
  });

  test('a thousand and more, appended in batches', () => {
    const many = pair.replace('(NNe', `(${'N'.repeat(1000)}e(${'N'.repeat(234)}e`);
    expect(parseNpy(objects('(1234,)', many))).toEqual({ shape: [1234], dtype: 'none', data: null });
  });

  test.each<[string, string]>([
    ['a call of os.system', "cos\nsystem\n(S'echo hello'\ntR."],
    ['a call of eval, protocol 4', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.'],
    ['a call of os.system that ends as an array does', `cos\nsystem\n${nones[3].slice(2)}`],
    ['an int in the place of None', nones[3].replace(']q\x0cNa', ']q\x0cK\x01a')],
    ['a dict', '}.'],
    ['a bare None', 'N.'],
    ['nothing', ''],
    ['an early end', nones[3].slice(0, 40)],
    ['something behind the end', `${nones[3]}N`],
    ['a megabyte of it', 'N'.repeat(2 ** 20)],
  ])('refuses %s', (_, pickle) => {
    expect(() => parseNpy(objects('()', pickle))).toThrow(FormatError);
    expect(() => parseNpy(objects('()', pickle))).toThrow('pickles are not executed');
  });
});
