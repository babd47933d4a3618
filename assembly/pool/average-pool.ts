/** Average pooling and its adjoint. The divisor is the size of the whole window, and padding counts as zeros. */
import { areSquaresOfTwo, vectorColumns, Windows } from './windows';

/** The averages of four 2 × 2 windows. */
// @ts-ignore: decorator
@inline
function averagesOfFour(row0: usize, row1: usize, out: usize): void {
  const left = f32x4.add(v128.load(row0), v128.load(row1));
  const right = f32x4.add(v128.load(row0, 16), v128.load(row1, 16));
  const evens = v128.shuffle<i32>(left, right, 0, 2, 4, 6);
  const odds = v128.shuffle<i32>(left, right, 1, 3, 5, 7);
  v128.store(out, f32x4.mul(f32x4.add(evens, odds), f32x4.splat(0.25)));
}

// @ts-ignore: decorator
@inline
function averagePool<T>(x: usize, out: usize, w: Windows): void {
  const vectors = sizeof<T>() == 4 && areSquaresOfTwo(w) ? vectorColumns(w) : 0;
  const rowBytes = <usize>w.width * sizeof<T>();
  const size = <f64>(w.kernelHeight * w.kernelWidth);
  for (let plane = 0; plane < w.planes; plane++) {
    for (let i = 0; i < w.outHeight; i++) {
      const y = i * w.strideY - w.padTop;
      const yBegin = max(y, 0);
      const yEnd = min(y + w.kernelHeight, w.height);
      let j = 0;
      if (y + 2 <= w.height) {
        for (; j < vectors; j += 4) {
          const row0 = x + <usize>y * rowBytes + ((<usize>j) << 3);
          averagesOfFour(row0, row0 + rowBytes, out);
          out += 16;
        }
      }
      for (; j < w.outWidth; j++) {
        const left = j * w.strideX - w.padLeft;
        const xBegin = max(left, 0);
        const xEnd = min(left + w.kernelWidth, w.width);
        let sum: f64 = 0;
        for (let row = yBegin; row < yEnd; row++) {
          let at = x + <usize>row * rowBytes + <usize>xBegin * sizeof<T>();
          for (let column = xBegin; column < xEnd; column++) {
            sum += <f64>load<T>(at);
            at += sizeof<T>();
          }
        }
        store<T>(out, <T>(sum / size));
        out += sizeof<T>();
      }
    }
    x += <usize>w.height * rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function averagePoolGrad<T>(gy: usize, out: usize, w: Windows): void {
  const rowBytes = <usize>w.width * sizeof<T>();
  const planeBytes = <usize>w.height * rowBytes;
  const size = <T>(w.kernelHeight * w.kernelWidth);
  for (let plane = 0; plane < w.planes; plane++) {
    memory.fill(out, 0, planeBytes);
    for (let i = 0; i < w.outHeight; i++) {
      const y = i * w.strideY - w.padTop;
      const yBegin = max(y, 0);
      const yEnd = min(y + w.kernelHeight, w.height);
      for (let j = 0; j < w.outWidth; j++) {
        const left = j * w.strideX - w.padLeft;
        const xBegin = max(left, 0);
        const xEnd = min(left + w.kernelWidth, w.width);
        const share = load<T>(gy) / size;
        gy += sizeof<T>();
        for (let row = yBegin; row < yEnd; row++) {
          let at = out + <usize>row * rowBytes + <usize>xBegin * sizeof<T>();
          for (let column = xBegin; column < xEnd; column++) {
            store<T>(at, load<T>(at) + share);
            at += sizeof<T>();
          }
        }
      }
    }
    out += planeBytes;
  }
}

/** out (planes, oh, ow): averages of x (planes, h, w). */
export function averagePoolF32(x: usize, out: usize, w: Windows): void {
  averagePool<f32>(x, out, w);
}

/** {@link averagePoolF32} of float64. */
export function averagePoolF64(x: usize, out: usize, w: Windows): void {
  averagePool<f64>(x, out, w);
}

/** out (planes, h, w): each element of gy (planes, oh, ow) is spread evenly over its window. */
export function averagePoolGradF32(gy: usize, out: usize, w: Windows): void {
  averagePoolGrad<f32>(gy, out, w);
}

/** {@link averagePoolGradF32} of float64. */
export function averagePoolGradF64(gy: usize, out: usize, w: Windows): void {
  averagePoolGrad<f64>(gy, out, w);
}
