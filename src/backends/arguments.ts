/** The arguments of primitives as types, and the one walk over them: tensors stand alone, in lists, or in objects. */
import type { Primitive, Primitives, Tensor } from './primitives.js';

/** `A` with `T` in the place of each tensor. */
type Replaced<A, T> = A extends Tensor ? T : A extends object ? { [K in keyof A]: Replaced<A[K], T> } : A;

/** The arguments of the primitive `P`, with `T` in the place of each tensor. */
export type Arguments<P extends Primitive, T = Tensor> = Replaced<Parameters<Primitives[P]>, T>;

/** The primitives as functions of {@link Arguments}: `calls[op](...args)` compiles where `op` is a type parameter. */
export type Calls = { readonly [P in Primitive]: (...args: Arguments<P>) => void };

/** A tensor, or what stands for one. Nothing else among the arguments of primitives has a shape. */
export interface Shaped {
  readonly shape: readonly number[];
}

const isShaped = (value: object): value is Shaped => 'shape' in value;

/**
 * A copy of the arguments in which `f(tensor, place)` replaces each tensor. `place` is the number of the argument that the
 * tensor is, or that holds it.
 */
export function mapTensors<P extends Primitive, From extends Shaped, To>(
  args: Arguments<P, From>,
  f: (tensor: From, place: number) => To,
): Arguments<P, To>;
export function mapTensors(args: readonly unknown[], f: (tensor: Shaped, place: number) => unknown): unknown {
  return args.map((arg, place) => replaced(arg, (tensor) => f(tensor, place)));
}

function replaced(value: unknown, f: (tensor: Shaped) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isShaped(value)) return f(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, f));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaced(member, f)]));
}
