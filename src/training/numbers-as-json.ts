/** Numbers as JSON in files that Chainer reads too: Python writes NaN and infinities as words, which JSON does not have. */
import { parseJson } from '../formats/json.js';

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** What stands for a word while JSON is made or read: no text of a log begins like this. */
const MARK = '\u0000';
const MARKED = /"\\u0000(NaN|-?Infinity)"/g;
/** Where a value may stand: behind a colon, a comma or a bracket. */
const BARE = /(?<=[:,[]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g;

/** JSON with Python's words. */
export function toPythonJson(value: unknown): string {
  const marked = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? MARK + String(item) : item,
  );
  return marked.replace(MARKED, '$1');
}

/** What {@link toPythonJson} or Python wrote. `null` where a number belongs is NaN, as in older files. */
export function fromPythonJson(text: string): unknown {
  return withNumbers(parseJson('a log', text.replace(BARE, `"\\u0000$1"`)));
}

/** A value in which numbers have taken the places of what stands for them. */
function withNumbers(value: unknown): unknown {
  if (value === null) return Number.NaN;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]));
  const isMarked = typeof value === 'string' && value.startsWith(MARK) && Object.hasOwn(WORDS, value.slice(1));
  return isMarked ? WORDS[value.slice(1)] : value;
}
