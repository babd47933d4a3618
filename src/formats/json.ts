/** JSON from files that nobody vouches for. */
import { FormatError } from '../errors.js';

/** How deep lists and objects of a JSON text are nested in one another. */
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
 * What a JSON text says.
 *
 * @param what names the text in errors.
 * @param most how deep it may be nested: what walks a deep value runs out of stack.
 * @throws FormatError if it is no JSON, or deeper.
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
