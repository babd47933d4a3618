import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { add, arange, multiply, type NDArray } from '../../ndarray/np.js';
import { sizeOf, stridesOf } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { takeFlat } from '../array/select-item.js';
import { transpose } from '../array/transpose.js';
import { matmul } from './matmul.js';
import { mul } from './multiply.js';
import { type Labels, lettersOf, parseSubscripts, type Sublist } from './subscripts.js';
import { sum } from './sum.js';

/** An operand whose axes have distinct labels. */
interface Term {
  readonly x: Variable;
  readonly labels: Labels;
}

/**
 * Einstein's summation: `F.einsum('ij,jk->ik', a, b)`. Each letter names an axis. Axes with the same letter are paired, and letters
 * that are not in the result are summed over. A letter that is repeated in one operand takes its diagonal; `...` stands for all other
 * axes, which broadcast. Operands are contracted from left to right, each pair by one batched matrix product. Axes may also have numbers: `F.einsum(a, [0, 1], b, [1, 2], [0, 2])`. Follows chainer.functions.einsum.
 *
 * @throws ValueError if the subscripts are malformed, ShapeError if they do not fit the operands or axes of one letter
 *   differ in length, DTypeError if dtypes differ or are not floating.
 */
export function einsum(subscripts: string, ...operands: FunctionOperand[]): Variable;
export function einsum(...operandsAndSublists: (VariableLike | Sublist)[]): Variable;
export function einsum(...args: (string | FunctionOperand | Sublist)[]): Variable {
  const { text, operands } = readArguments(args);
  checkFloating('einsum', ...operands.map(arrayOf));
  const { inputs, output } = parseSubscripts(
    text,
    operands.map((x) => x.shape),
  );
  const lengths = lengthsOf(text, operands, inputs);
  const terms = operands.map((x, i) => diagonal(withoutOnes(asVariable(x), inputs[i], lengths)));
  const needed = (from: number) => new Set([...output, ...terms.slice(from).flatMap((term) => term.labels)]);
  let result = summed(terms[0], needed(1));
  for (let i = 1; i < terms.length; i++) {
    const own = new Set([...output, ...result.labels, ...terms.slice(i + 1).flatMap((term) => term.labels)]);
    result = contract(result, summed(terms[i], own), needed(i + 1));
  }
  return permuted(result, output);
}

function isSublist(arg: unknown): arg is Sublist {
  return Array.isArray(arg);
}

/** Turns the second notation into the first. */
function readArguments(args: readonly unknown[]): { text: string; operands: readonly VariableLike[] } {
  const [text, ...rest] = args;
  if (typeof text === 'string') {
    if (rest.length === 0) throw new ValueError('einsum: no operands');
    return { text, operands: inputsOf('einsum', 'operands', rest as FunctionOperand[]) };
  }
  const operands = inputsOf('einsum', 'operands', args.filter((arg) => !isSublist(arg)) as FunctionOperand[]);
  if (operands.length === 0) throw new ValueError('einsum: no operands');
  const terms = args.filter(isSublist).map(lettersOf);
  const result = terms.length > operands.length ? `->${terms.pop()}` : '';
  return { text: terms.join() + result, operands };
}

/** The length of each label. Axes of `...` broadcast; others must agree. */
function lengthsOf(text: string, operands: readonly VariableLike[], inputs: readonly Labels[]): Map<string, number> {
  const lengths = new Map<string, number>();
  operands.forEach(({ shape }, i) => {
    inputs[i].forEach((label, k) => {
      const known = lengths.get(label);
      const broadcasts = label.startsWith('.') && (known === 1 || shape[k] === 1);
      if (known !== undefined && known !== shape[k] && !broadcasts) {
        throw new ShapeError(`einsum: in '${text}' the subscript '${label}' has lengths ${known} and ${shape[k]}`);
      }
      if (known === undefined || known === 1) lengths.set(label, shape[k]);
    });
  });
  return lengths;
}

/** The operand without axes of length 1 that broadcast, since these multiply all elements alike. */
function withoutOnes(x: Variable, labels: Labels, lengths: ReadonlyMap<string, number>): Term {
  const stays = labels.map((label, k) => x.shape[k] === lengths.get(label));
  return {
    x: reshape(
      x,
      x.shape.filter((_, k) => stays[k]),
    ),
    labels: labels.filter((_, k) => stays[k]),
  };
}

/** The operand with one axis for each label: its diagonal along axes of the same label. */
function diagonal({ x, labels }: Term): Term {
  const distinct = labels.filter((label, k) => labels.indexOf(label) === k);
  if (distinct.length === labels.length) return { x, labels };
  const strides = stridesOf(x.shape);
  const { device } = x.array;
  let places: NDArray | undefined;
  distinct.forEach((label, k) => {
    const step = labels.reduce((total, other, i) => (other === label ? total + strides[i] : total), 0);
    const n = x.shape[labels.indexOf(label)];
    const along = arange(0, n, 1, { device: device.name }).reshape([n, ...new Array(distinct.length - 1 - k).fill(1)]);
    const steps = multiply(along, step);
    places = places ? add(places, steps) : steps;
  });
  return { x: takeFlat(x, places as NDArray), labels: distinct };
}

/** The operand summed over the labels that neither other operands nor the result have. */
function summed({ x, labels }: Term, needed: ReadonlySet<string>): Term {
  const axes = labels.flatMap((label, k) => (needed.has(label) ? [] : [k]));
  return axes.length === 0 ? { x, labels } : { x: sum(x, axes), labels: labels.filter((label) => needed.has(label)) };
}

/** The product of two operands, summed over the common labels that neither other operands nor the result have. */
function contract(a: Term, b: Term, needed: ReadonlySet<string>): Term {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const lengths = new Map([...a.labels.entries()].map(([k, label]) => [label, a.x.shape[k]]));
  for (const [k, label] of b.labels.entries()) lengths.set(label, b.x.shape[k]);
  const shapeOf = (labels: Labels) => labels.map((label) => lengths.get(label) as number);
  const [B, M, K, N] = [batch, rows, inner, columns].map((labels) => sizeOf(shapeOf(labels)));
  const left = reshape(permuted(a, [...batch, ...rows, ...inner]), [B, M, K]);
  const right = reshape(permuted(b, [...batch, ...inner, ...columns]), [B, K, N]);
  const y = inner.length === 0 ? mul(left, right) : matmul(left, right);
  const labels = [...batch, ...rows, ...columns];
  return { x: reshape(y, shapeOf(labels)), labels };
}

/** The operand with its axes in the order of `labels`. */
function permuted({ x, labels: own }: Term, labels: Labels): Variable {
  const order = labels.map((label) => own.indexOf(label));
  return order.every((k, i) => k === i) ? x : transpose(x, order);
}
