/** Parses JSON of untrusted files. */
import { FormatError } from '../errors.js';

/** The nesting depth of lists and objects in a JSON text. */
function depthOf(text: string): number {
  let [depth, deepest, isQuoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) i += Number(character === '\\');
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/**
 * The value of a JSON text.
 *
 * @param what names the text in errors.
 * @param most the deepest nesting that is allowed: functions that walk a deeper value run out of stack.
 * @throws FormatError if the text is not JSON, or is nested deeper.
 */
export function parseJson(what: string, text: string, most = 100): unknown {
  const depth = depthOf(text);
  if (depth > most) throw new FormatError(`${what}: JSON nested ${depth} deep, more than limits.depth (${most})`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${what}: not JSON, or damaged`, { cause });
  }
}
