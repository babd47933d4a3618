/**
 * Recognises files that were given to the wrong reader. It reads a file's first bytes, names the kind of file, and says
 * what to do. Loaded when a reader has failed.
 */
import { FormatError, type RensaError } from '../errors.js';
import { headOf } from './beginning.js';
import type { BytesSource } from './stored-bytes.js';

/** The files that readers expect, as messages call them. */
const EXPECTED = {
  npy: 'a NumPy array (.npy)',
  npz: 'a NumPy archive (.npz)',
  safetensors: 'a safetensors file',
  onnx: 'an ONNX model',
  caffemodel: 'a Caffe model (.caffemodel)',
  picture: 'a picture',
  idx: 'an IDX file, as MNIST has them',
  mat: 'a MAT-file of level 5',
  tar: 'a tar archive',
  zip: 'a zip archive',
  text: 'a text file',
} as const;

/** The kinds of files that this library reads. */
export type ExpectedFile = keyof typeof EXPECTED;

/** A kind of file, recognised by its first bytes. */
interface Kind {
  /** The name of the kind, with its article. */
  readonly is: string;
  /** What the user can do. */
  readonly todo?: string;
  /** Readers for which this is the right kind, so that their own error stands. */
  readonly fits?: readonly ExpectedFile[];
}

/** How many of a file's first bytes are examined. */
const HEAD = 4096;
const HEAD_OF_TEXT = 512;

const TO_SAFETENSORS_OR_ONNX =
  "in Python, save the weights by safetensors.torch.save_file(model.state_dict(), 'model.safetensors') for loadSafetensors, or the " +
  'model by torch.onnx.export for loadOnnx';
const BY_TF2ONNX = 'in Python, convert the model to ONNX by tf2onnx, for loadOnnx';
const TO_PNG = 'no decoder for it is here: convert it to PNG or JPEG';

/** The first bytes of binary files; `?` stands for any byte. The first match counts. */
const MAGICS: readonly (readonly [magic: string, kind: Kind])[] = [
  ['\x1f\x8b', { is: 'compressed by gzip', todo: 'decompress it first (gunzip)', fits: ['tar', 'idx'] }],
  ['BZh', { is: 'compressed by bzip2', todo: 'decompress it first (bunzip2)' }],
  ['\xfd7zXZ\0', { is: 'compressed by xz', todo: 'decompress it first (unxz)' }],
  ['\x28\xb5\x2f\xfd', { is: 'compressed by zstd', todo: 'decompress it first (unzstd)' }],
  ['7z\xbc\xaf\x27\x1c', { is: 'a 7z archive', todo: 'unpack it first' }],
  ['Rar!', { is: 'a RAR archive', todo: 'unpack it first' }],
  ['\x89HDF\r\n\x1a\n', { is: 'a Keras file: HDF5 (.h5), or other HDF5 data', todo: BY_TF2ONNX }],
  [
    '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9',
    { is: 'a PyTorch file: a pickle (.pt, .pth)', todo: TO_SAFETENSORS_OR_ONNX },
  ],
  ['????TFL3', { is: 'a TensorFlow Lite file (.tflite)', todo: 'convert it to ONNX by tf2onnx, for loadOnnx' }],
  ['\x93NUMPY', { is: 'a NumPy array (.npy)', todo: 'read it by readNpy', fits: ['npy'] }],
  ['MATLAB 5.0 MAT-file', { is: 'a MAT-file of MATLAB', fits: ['mat'] }],
  ['MATLAB 7.3 MAT-file', { is: 'a MAT-file of level 7.3, which is HDF5', todo: "save it in MATLAB with '-v7'" }],
  ['\x89PNG\r\n\x1a\n', { is: 'a PNG picture', todo: 'read it by readImage', fits: ['picture'] }],
  ['\xff\xd8\xff', { is: 'a JPEG picture', todo: 'read it by readImage', fits: ['picture'] }],
  ['GIF8', { is: 'a GIF picture', todo: TO_PNG }],
  ['RIFF????WEBP', { is: 'a WebP picture', todo: TO_PNG }],
  ['????ftypavi', { is: 'an AVIF picture', todo: TO_PNG }],
  ['????ftyphe', { is: 'a HEIC picture', todo: TO_PNG }],
  ['????ftypmif1', { is: 'a HEIF picture', todo: TO_PNG }],
  ['????ftyp', { is: 'a film (MP4)' }],
  ['II*\0', { is: 'a TIFF picture', todo: TO_PNG }],
  ['MM\0*', { is: 'a TIFF picture', todo: TO_PNG }],
  ['\0\0\x01\0', { is: 'an icon (.ico)', todo: TO_PNG }],
  ['BM????\0\0\0\0', { is: 'a BMP picture', todo: TO_PNG }],
  ['%PDF', { is: 'a PDF document' }],
  ['GGUF', { is: 'a GGUF file of llama.cpp' }],
  ['PAR1', { is: 'a Parquet file' }],
  ['\0asm', { is: 'a WebAssembly module' }],
  ['\x7fELF', { is: 'a program' }],
];

const GIT_LFS = 'version https://git-lfs.github.com/spec/';

/** The beginnings of texts, without leading spaces. */
const TEXTS: readonly (readonly [pattern: RegExp, kind: (beginning: string) => Kind])[] = [
  [
    new RegExp(`^${GIT_LFS}`),
    () => ({
      is: 'a Git LFS pointer, not the file it stands for',
      todo: "fetch that by 'git lfs pull', or download it from the repository's page",
    }),
  ],
  [
    /^<(!doctype html|html|head|body)\b/i,
    (beginning) => ({
      is: `a web page: it begins with ${beginning}`,
      todo: 'the server may have answered with a page of errors or a login: open the address in a browser',
    }),
  ],
  [/^<svg\b/i, (beginning) => ({ is: `an SVG drawing: it begins with ${beginning}`, todo: TO_PNG })],
  [/^<\?xml/i, (beginning) => ({ is: `an XML text: it begins with ${beginning}` })],
  [
    /^\{[\s\S]*"(modelTopology|weightsManifest)"/,
    () => ({ is: 'a TensorFlow.js model (model.json)', todo: 'convert the model it was made of to ONNX by tf2onnx' }),
  ],
  [/^[{[]/, (beginning) => ({ is: `JSON text: it begins with ${beginning}` })],
  [
    /^(name|input|layers?)\s*[:{]/,
    (beginning) => ({
      is: `a Caffe prototxt: a text that begins with ${beginning}`,
      todo: 'it has no weights: load the .caffemodel, which has the layers too',
    }),
  ],
];

/** The start of a text as messages show it: its first tag, or part of its first line. */
function shown(text: string): string {
  const tag = /^<[^<>]*>/.exec(text)?.[0] ?? '';
  const [line] = text.split(/[\r\n]/);
  const start = tag && tag.length <= 60 ? tag : line.slice(0, 40);
  return `'${start}'`;
}

/** Bytes that texts do not contain: control characters except tab, line ends, form feed and escape. */
const isControl = (byte: number) => (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)) || byte === 127;

/** The text in bytes, without leading spaces; null if they are not text. A character cut off at the end is ignored. */
function textOf(head: Uint8Array): string | null {
  const start = head.subarray(0, HEAD_OF_TEXT);
  if (start.some(isControl)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }).trimStart();
  } catch {
    return null;
  }
}

const hasMagic = (head: string, magic: string) =>
  Array.from(magic).every((c, i) => (c === '?' ? i < head.length : head[i] === c));

/** The kinds of zip archives, recognised by the names at their beginning. */
function kindOfZip(head: string): Kind {
  if (/data\.pkl|constants\.pkl|\.data\/serialization_id/.test(head)) {
    return { is: 'a PyTorch file: a zip of pickles (.pt, .pth)', todo: TO_SAFETENSORS_OR_ONNX, fits: ['zip'] };
  }
  if (head.includes('.npy')) return { is: 'a NumPy archive (.npz)', todo: 'read it by loadNpz', fits: ['npz', 'zip'] };
  if (/model\.weights\.h5|metadata\.json|config\.json/.test(head)) {
    return { is: 'a Keras file: a zip (.keras)', todo: BY_TF2ONNX, fits: ['zip'] };
  }
  return { is: 'a zip archive', todo: 'unpack it first', fits: ['npz', 'zip'] };
}

/** Whether bytes begin like a safetensors file: a length of less than 2⁴⁰, then JSON. */
const isSafetensors = (head: string) => head.startsWith('\0\0\0{', 5) && head.charAt(9) !== '';

/** The kind of a file with these first bytes; null if it is unknown. */
function kindOf(bytes: Uint8Array): Kind | null {
  if (bytes.length === 0) return { is: 'empty', todo: 'a download or a save may have been cut off' };
  const head = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  for (const [magic, kind] of MAGICS) if (hasMagic(head, magic)) return kind;
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return kindOfZip(head);
  if (isSafetensors(head))
    return { is: 'a safetensors file', todo: 'read it by loadSafetensors', fits: ['safetensors'] };
  if (head.startsWith('ustar', 257)) return { is: 'a tar archive', todo: 'unpack it first', fits: ['tar'] };
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5)
    return { is: 'a Python pickle', todo: TO_SAFETENSORS_OR_ONNX };
  const text = textOf(bytes);
  if (text === null) return null;
  for (const [pattern, kind] of TEXTS) if (pattern.test(text)) return kind(shown(text));
  return { is: `a text that begins with ${shown(text)}`, fits: ['text'] };
}

/** The beginning of a file; null if it can no longer be read. */
function readHead(source: BytesSource): Uint8Array | null {
  try {
    return headOf(source, HEAD);
  } catch {
    return null;
  }
}

/** The error of a reader that expected another kind of file; `error` itself if the kind is right or unknown. */
export function explain(expected: ExpectedFile, source: BytesSource, what: string, error: RensaError): RensaError {
  const head = readHead(source);
  const kind = head && kindOf(head);
  if (!kind || kind.fits?.includes(expected)) return error;
  const todo = kind.todo ? `; ${kind.todo}` : '';
  return new FormatError(
    `${what}: expected ${EXPECTED[expected]}, but the file is ${kind.is} (${source.length} bytes)${todo}`,
    {
      cause: error,
    },
  );
}
