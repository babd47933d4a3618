/** Numbers as JSON that Chainer reads too: Python writes NaN and infinities as words, which are not JSON. */
import { parseJson } from '../formats/json.js';

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Marks the text that stands for a word while JSON is written or read: no text of a log begins like this. */
const MARK = '\u0000';
const MARKED = /"\\u0000(NaN|-?Infinity)"/g;
/** A word where JSON has a value: after a colon, a comma or a bracket. */
const BARE = /(?<=[:,[]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g;

/** JSON with Python's words. */
export function toPythonJson(value: unknown): string {
  const marked = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? MARK + String(item) : item,
  );
  return marked.replace(MARKED, '$1');
}

/** Reads the output of {@link toPythonJson} or of Python. `null` becomes NaN: older files have it in place of numbers. */
export function fromPythonJson(text: string): unknown {
  return withNumbers(parseJson('a log', text.replace(BARE, `"\\u0000$1"`)));
}

/** The value with numbers in place of marked texts. */
function withNumbers(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]));
  const isMarked = typeof value === 'string' && value.startsWith(MARK) && Object.hasOwn(WORDS, value.slice(1));
  return isMarked ? WORDS[value.slice(1)] : value;
}
