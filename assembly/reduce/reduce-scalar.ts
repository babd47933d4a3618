/** Reductions of any dtype over any axes, one element at a time: float64, whole numbers, and float32's product. */
import { DType } from '../dtype';
import { advance, Odometer } from '../simd/odometer';
import { ReduceOp } from '../generated/ops';


@final
class Sum<A> {
  // @ts-ignore: decorator
  @inline
  combine(a: A, b: A): A {
    return <A>(a + b);
  }
}


@final
class Prod<A> {
  // @ts-ignore: decorator
  @inline
  combine(a: A, b: A): A {
    return <A>(a * b);
  }
}


@final
class Max<A> {
  // @ts-ignore: decorator
  @inline
  combine(a: A, b: A): A {
    return max<A>(a, b);
  }
}


@final
class Min<A> {
  // @ts-ignore: decorator
  @inline
  combine(a: A, b: A): A {
    return min<A>(a, b);
  }
}

/** Reduces elements of type T in type A, from the first element on. */
function fold<T, A, Op>(x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  const op = changetype<Op>(0);
  const step = <usize>reduced.step;
  while (true) {
    let total: A = <A>load<T>(x);
    let isFirst: bool = true;
    let row = x;
    while (true) {
      let at = row;
      for (let i = reduced.inner; i > 0; i--) {
        if (!isFirst) total = op.combine(total, <A>load<T>(at));
        isFirst = false;
        at += step;
      }
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<T>(out, <T>total);
    out += sizeof<T>();
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

// @ts-ignore: decorator
@inline
function reduce<T, A>(op: ReduceOp, x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  switch (op) {
    case ReduceOp.Sum:
      return fold<T, A, Sum<A>>(x, out, kept, reduced);
    case ReduceOp.Prod:
      return fold<T, A, Prod<A>>(x, out, kept, reduced);
    case ReduceOp.Max:
      return fold<T, A, Max<A>>(x, out, kept, reduced);
    default:
      fold<T, A, Min<A>>(x, out, kept, reduced);
  }
}

/** out = op over `reduced`, which is not empty; `kept` counts all outputs. Whole numbers wrap. */
export function reduceScalar(type: DType, op: ReduceOp, x: usize, out: usize, kept: Odometer, reduced: Odometer): void {
  switch (type) {
    case DType.Float32: // the other reductions have kernels of their own
      return fold<f32, f64, Prod<f64>>(x, out, kept, reduced);
    case DType.Float64:
      return reduce<f64, f64>(op, x, out, kept, reduced);
    case DType.Int32:
      return reduce<i32, i32>(op, x, out, kept, reduced);
    default:
      reduce<u8, i32>(op, x, out, kept, reduced);
  }
}
