/** Pooling over windows, and its adjoints. Adjoints gather: each pixel looks at all windows that contain it. */

import type { Pool2dGeometry } from '../../primitives.js';
import { sizeOf } from '../../shapes.js';
import type { Painter, Uniform } from '../painter.js';
import type { Kernel } from '../program-cache.js';
import { type Kind, kindOf, type TextureTensor, type WebglDType } from '../storage.js';
import { FOUR_ELEMENTS, fragment, VECTOR } from './glsl.js';
import type { Family } from './shader.js';

/** Maxima and means of windows, and their adjoints. */
export const pool = {
  /** Maxima of windows, and their places. */
  maxPool2d(painter, x, geometry, out, indices) {
    if (sizeOf(out.shape) === 0) return;
    const uniforms = uniformsOf(x, out, geometry);
    painter.draw(maximumKernel(x.dtype), { inputs: { x: x.memory }, uniforms, outputs: [out.memory, indices.memory] });
  },

  /** Adds the gradients at the places of the maxima: gy like the output, out like the input of maxPool2d. */
  maxPool2dGrad(painter, gy, indices, geometry, out) {
    drawOne(painter, MAXIMUM_GRAD, { gy, indices }, uniformsOf(out, gy, geometry), out);
  },

  /** The elements of x at the places of maxima. */
  maxPool2dGather(painter, x, indices, geometry, out) {
    drawOne(painter, MAXIMUM_GATHER, { x, indices }, uniformsOf(x, out, geometry), out);
  },

  /** Means of windows, with the padding. */
  averagePool2d(painter, x, geometry, out) {
    drawOne(painter, AVERAGE, { x }, uniformsOf(x, out, geometry), out);
  },

  /** Spreads gradients evenly over windows. */
  averagePool2dGrad(painter, gy, geometry, out) {
    drawOne(painter, AVERAGE_GRAD, { gy }, uniformsOf(out, gy, geometry), out);
  },
} satisfies Family;

function drawOne(
  painter: Painter,
  kernel: Kernel,
  inputs: Readonly<Record<string, TextureTensor>>,
  uniforms: Readonly<Record<string, Uniform>>,
  out: TextureTensor,
): void {
  if (sizeOf(out.shape) === 0) return;
  const memories = Object.fromEntries(Object.entries(inputs).map(([name, { memory }]) => [name, memory]));
  painter.draw(kernel, { inputs: memories, uniforms, outputs: [out.memory] });
}

/** The uniforms of a pooling, in pairs (x, y). `image` has the pixels, `pooled` one element for each window. */
function uniformsOf(image: TextureTensor, pooled: TextureTensor, { ksize, stride, pad }: Pool2dGeometry) {
  return {
    image: image.shape.slice(2).reverse(),
    pooled: pooled.shape.slice(2).reverse(),
    ksize: ksize.toReversed(),
    stride: stride.toReversed(),
    pad: pad.toReversed(),
  };
}

const GEOMETRY = `
uniform ivec2 image, pooled, ksize, stride, pad;
// The place of element e in its plane of this size, and the number of the plane.
ivec2 placeIn(ivec2 size, int e, out int plane) {
  int row = e / size.x;
  plane = row / size.y;
  return ivec2(e - row * size.x, row - plane * size.y);
}
int elementOf(ivec2 size, int plane, ivec2 place) { return (plane * size.y + place.y) * size.x + place.x; }
bool inside(ivec2 size, ivec2 place) {
  return place.x >= 0 && place.y >= 0 && place.x < size.x && place.y < size.y;
}
`;

/** Runs the statements for every window `w` that contains the pixel of element `e`; `k` is the pixel's place in the window. */
const forWindowsOfPixel = (statements: string) => `
  int plane;
  ivec2 padded = placeIn(image, e, plane) + pad;
  ivec2 last = min(padded / stride, pooled - 1);
  ivec2 first = max((padded - ksize + stride) / stride, ivec2(0));
  // Division truncates toward zero, so the first window of pixels near the border is 0.
  if (padded.x < ksize.x) first.x = 0;
  if (padded.y < ksize.y) first.y = 0;
  float sum = 0.0;
  for (int wy = first.y; wy <= last.y; ++wy) {
    for (int wx = first.x; wx <= last.x; ++wx) {
      ivec2 w = ivec2(wx, wy);
      ivec2 k = padded - w * stride;
      ${statements}
    }
  }
`;

const kernel = (name: string, inputs: Readonly<Record<string, Kind>>, body: string): Kernel => ({
  key: `pool2d ${name}`,
  fragment: () => fragment({ inputs, outputs: ['float'], body: `${GEOMETRY}${body}${FOUR_ELEMENTS('float')}` }),
});

/** The maximum of an empty window. */
const LEAST = {
  float32: '-INFINITE',
  int32: 'int(0x80000000u)',
  uint8: '0',
  bool: '0',
} satisfies Record<WebglDType, string>;

const maximumKernel = (dtype: WebglDType): Kernel => ({
  key: `pool2d maximum ${dtype}`,
  fragment: () => {
    const kind = kindOf(dtype);
    return fragment({
      inputs: { x: kind },
      outputs: [kind, 'int'],
      body: `${GEOMETRY}
${kind} maximum(int e, out int place) {
  int plane;
  ivec2 corner = placeIn(pooled, e, plane) * stride - pad;
  ${kind} best = ${LEAST[dtype]};
  place = 0;
  bool isFirst = ${kind === 'int'}; // no integer is less than all
  for (int ky = max(0, -corner.y); ky < min(ksize.y, image.y - corner.y); ++ky) {
    for (int kx = max(0, -corner.x); kx < min(ksize.x, image.x - corner.x); ++kx) {
      ${kind} v = x_at(elementOf(image, plane, corner + ivec2(kx, ky)));
      if (isFirst || v > best || (isNotANumber(v) && !isNotANumber(best))) {
        isFirst = false;
        best = v;
        place = ky * ksize.x + kx;
      }
    }
  }
  return best;
}
void main() {
  int e = texel() << 2;
  ivec4 places;
  out0 = ${VECTOR[kind]}(maximum(e, places.x), maximum(e + 1, places.y), maximum(e + 2, places.z), maximum(e + 3, places.w));
  out1 = places;
}
`,
    });
  },
});

const MAXIMUM_GRAD = kernel(
  'maximum grad',
  { gy: 'float', indices: 'int' },
  `float element(int e) {${forWindowsOfPixel(`int from = elementOf(pooled, plane, w);
      if (indices_at(from) == k.y * ksize.x + k.x) sum += gy_at(from);`)}
  return sum;
}
`,
);

const MAXIMUM_GATHER = kernel(
  'maximum gather',
  { x: 'float', indices: 'int' },
  `
float element(int e) {
  int plane;
  int place = indices_at(e);
  ivec2 at = placeIn(pooled, e, plane) * stride - pad + ivec2(place % ksize.x, place / ksize.x);
  return inside(image, at) ? x_at(elementOf(image, plane, at)) : 0.0;
}
`,
);

const AVERAGE = kernel(
  'average',
  { x: 'float' },
  `
float element(int e) {
  int plane;
  ivec2 corner = placeIn(pooled, e, plane) * stride - pad;
  float sum = 0.0;
  for (int ky = max(0, -corner.y); ky < min(ksize.y, image.y - corner.y); ++ky) {
    for (int kx = max(0, -corner.x); kx < min(ksize.x, image.x - corner.x); ++kx) {
      sum += x_at(elementOf(image, plane, corner + ivec2(kx, ky)));
    }
  }
  return sum / float(ksize.x * ksize.y);
}
`,
);

const AVERAGE_GRAD = kernel(
  'average grad',
  { gy: 'float' },
  `float element(int e) {${forWindowsOfPixel('if (inside(ksize, k)) sum += gy_at(elementOf(pooled, plane, w));')}
  return sum / float(ksize.x * ksize.y);
}
`,
);
