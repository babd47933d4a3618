/**
 * Shows values from files in messages. A file's texts may have any length, and characters that change what a terminal
 * shows.
 */

const LONGEST = 80;

/** Control characters, line separators, marks of writing direction, and unpaired surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (text: string) =>
  text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** A text without quotes, shortened if it is long. */
export function shortened(text: string): string {
  return text.length > LONGEST ? `${escaped(text.slice(0, LONGEST))}…` : escaped(text);
}

/**
 * A value for messages: a text in quotes, shortened if it is long; a number; a short list of numbers; or the kind of
 * value.
 */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (Array.isArray(value)) {
    const isShort = value.length < 5 && value.every((item) => typeof item === 'number');
    return isShort ? `[${value.join(', ')}]` : `a list of ${value.length}`;
  }
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
