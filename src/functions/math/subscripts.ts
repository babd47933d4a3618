/** Reads the notation of einsum: a label for each axis of the operands and of the result. */
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, type Shape } from '../../ndarray/shape.js';

/** One label for each axis: a letter, or `.0`, `.1`, … for the axes behind `...`, counted from the last. */
export type Labels = readonly string[];

/** The axes of one operand by number, with `'...'` for all others: the second notation of einsum. */
export type Sublist = readonly (number | '...')[];

/** An einsum: the labels of its operands and of its result. */
export interface Subscripts {
  readonly inputs: readonly Labels[];
  readonly output: Labels;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `[0, 1, '...']` → `'AB...'`. @throws ValueError if an entry is not a number from 0 to 51. */
export function lettersOf(sublist: Sublist): string {
  return sublist
    .map((entry) => {
      const letter = entry === '...' ? entry : LETTERS[entry];
      if (letter === undefined) throw new ValueError(`einsum: ${entry} in a sublist is not an integer from 0 to 51`);
      return letter;
    })
    .join('');
}

/**
 * The labels of every operand and of the result. Without `->` the result has the axes of `...`, then the letters that
 * appear once, in alphabetical order.
 *
 * @throws ValueError if the text is not einsum's notation or names a different number of operands, ShapeError if a term
 *   does not fit its operand.
 */
export function parseSubscripts(text: string, shapes: readonly Shape[]): Subscripts {
  const parts = text.replaceAll(' ', '').split('->');
  const terms = parts[0].split(',');
  if (parts.length > 2 || ![...terms, ...parts.slice(1)].every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term))) {
    throw new ValueError(`einsum: '${text}' is not a list of subscripts such as 'ij,jk->ik'`);
  }
  if (terms.length !== shapes.length) {
    throw new ValueError(`einsum: '${text}' has subscripts for ${terms.length} operands, got ${shapes.length}`);
  }
  const inputs = terms.map((term, i) => labelsOf(term, shapes[i]));
  const all = inputs.flat();
  const behind = new Set(all.filter((label) => label.startsWith('.')));
  const ellipsis = Array.from({ length: behind.size }, (_, k) => `.${behind.size - 1 - k}`);
  const output =
    parts.length === 2
      ? replaceEllipsis(parts[1], ellipsis)
      : [
          ...ellipsis,
          ...LETTERS.split('').filter(
            (letter) => all.indexOf(letter) === all.lastIndexOf(letter) && all.includes(letter),
          ),
        ];
  if (new Set(output).size !== output.length || !output.every((label) => all.includes(label))) {
    throw new ValueError(`einsum: the result of '${text}' repeats a subscript, or has one that no operand has`);
  }
  if (ellipsis.some((label) => !output.includes(label))) {
    throw new ValueError(`einsum: '${text}' sums over the axes of '...'; name them, or write '...' in the result`);
  }
  return { inputs, output };
}

function labelsOf(term: string, shape: Shape): string[] {
  const named = term.replace('...', '').length;
  const left = shape.length - named;
  if (left < 0 || (left > 0 && !term.includes('...'))) {
    throw new ShapeError(`einsum: '${term}' does not fit an operand of shape ${formatShape(shape)}`);
  }
  return replaceEllipsis(
    term,
    Array.from({ length: left }, (_, k) => `.${left - 1 - k}`),
  );
}

function replaceEllipsis(term: string, labels: readonly string[]): string[] {
  const [before, after] = term.split('...');
  return after === undefined ? before.split('') : [...before.split(''), ...labels, ...after.split('')];
}
