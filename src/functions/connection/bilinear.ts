import type { Variable, VariableLike } from '../../core/variable.js';
import { ShapeError, ValueError } from '../../errors.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { arrayOf, checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { add } from '../math/add.js';
import { matmul } from '../math/matmul.js';
import { mul } from '../math/multiply.js';

/**
 * y[n,l] = Σ e1[n,j]·e2[n,k]·W[j,k,l] + (e1·V1)[n,l] + (e2·V2)[n,l] + b[l]. e1 (N, J), e2 (N, K), with more axes flattened,
 * W (J, K, L), V1 (J, L), V2 (K, L), b (L,) → (N, L). Follows chainer.functions.bilinear.
 *
 * @throws ValueError if only some of V1, V2 and b are given, ShapeError if sizes do not fit, DTypeError if dtypes differ or
 *   are not floating.
 */
export function bilinear(
  e1: FunctionOperand,
  e2: FunctionOperand,
  W: FunctionOperand,
  V1: FunctionOperand | null = null,
  V2: FunctionOperand | null = null,
  b: FunctionOperand | null = null,
): Variable {
  e1 = input('bilinear', 'e1', e1, e2);
  e2 = input('bilinear', 'e2', e2, e1);
  W = input('bilinear', 'W', W, e1);
  if (V1 !== null) V1 = input('bilinear', 'V1', V1, e1);
  if (V2 !== null) V2 = input('bilinear', 'V2', V2, e1);
  if (b !== null) b = input('bilinear', 'b', b, e1);
  const op = 'bilinear';
  const linearPart = V1 && V2 && b ? { V1, V2, b } : null;
  if (!linearPart && (V1 || V2 || b)) throw new ValueError(`${op}: V1, V2 and b must be given together or not at all`);
  checkFloating(op, ...[e1, e2, W, V1, V2, b].flatMap((x) => (x ? [arrayOf(x)] : [])));
  const [x1, x2] = [rows(op, 'e1', e1), rows(op, 'e2', e2)];
  const [[n, j], [n2, k]] = [x1.shape, x2.shape];
  if (n !== n2 || W.shape.length !== 3 || W.shape[0] !== j || W.shape[1] !== k) {
    throw new ShapeError(
      `${op}: e1 ${formatShape(e1.shape)} and e2 ${formatShape(e2.shape)} do not fit W ${formatShape(W.shape)}`,
    );
  }
  const l = W.shape[2];
  const products = mul(reshape(x1, [n, j, 1]), reshape(x2, [n, 1, k]));
  const y = matmul(reshape(products, [n, j * k]), reshape(W, [j * k, l]));
  if (!linearPart) return y;
  checkLinearPart(op, linearPart, j, k, l);
  return add(y, matmul(x1, linearPart.V1), matmul(x2, linearPart.V2), linearPart.b);
}

function rows(op: string, name: string, x: VariableLike): Variable {
  if (x.shape.length < 2) throw new ShapeError(`${op}: ${name} ${formatShape(x.shape)}, expected (N, …)`);
  return reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);
}

function checkLinearPart(
  op: string,
  { V1, V2, b }: Readonly<Record<'V1' | 'V2' | 'b', VariableLike>>,
  j: number,
  k: number,
  l: number,
): void {
  const expected = { V1: [j, l], V2: [k, l], b: [l] };
  for (const [name, x] of Object.entries({ V1, V2, b })) {
    const shape = expected[name as keyof typeof expected];
    if (formatShape(x.shape) !== formatShape(shape))
      throw new ShapeError(`${op}: ${name} is ${formatShape(x.shape)}, expected ${formatShape(shape)}`);
  }
}
