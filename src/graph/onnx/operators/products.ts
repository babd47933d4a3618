/** ONNX's convolutions and matrix products on arrays. */
import { binary } from '../../../ndarray/elementwise.js';
import { matmul } from '../../../ndarray/linalg.js';
import { allocate, type NDArray } from '../../../ndarray/ndarray.js';
import { formatShape } from '../../../ndarray/shape.js';
import type { OnnxCall, Operator } from '../call.js';
import { extentOf, imagesOf, MOST, padsOf, pairOf, windowsOf } from './windows.js';

/** The weight of a convolution with four axes and a checked shape. */
function weightOf(call: OnnxCall): NDArray {
  const [x, w] = [call.floating(0), call.input(1)];
  if (w.ndim !== x.ndim || w.size === 0 || w.dtype !== x.dtype)
    call.fail(`its weight is ${w.dtype} ${formatShape(w.shape)} for an input ${x.dtype} ${formatShape(x.shape)}`);
  return w.ndim === 3 ? w.reshape([w.shape[0], w.shape[1], 1, w.shape[2]]) : w;
}

/** The number of groups, which divides the channels. */
function groupsOf(call: OnnxCall, ...channels: number[]): number {
  const groups = call.int('group', 1);
  if (groups < 1 || channels.some((n) => n % groups !== 0))
    call.fail(`${groups} groups do not divide channels (${channels})`);
  return groups;
}

function biasOf(call: OnnxCall, channels: number): NDArray | null {
  if (!call.has(2)) return null;
  const bias = call.input(2);
  const { dtype } = call.input(0);
  if (bias.size !== channels || bias.ndim !== 1 || bias.dtype !== dtype)
    call.fail(`its bias is ${bias.dtype} ${formatShape(bias.shape)}, expected ${dtype} (${channels},)`);
  return bias;
}

const conv: Operator = (call) => {
  call.allow('auto_pad', 'dilations', 'group', 'kernel_shape', 'pads', 'strides');
  const { x, restore } = imagesOf(call);
  const w = weightOf(call);
  const [n, channels] = x.shape;
  const [outputs, inputs] = w.shape;
  const groups = groupsOf(call, channels, outputs);
  if (inputs * groups !== channels)
    call.fail(`its input has ${channels} channels, its weight ${formatShape(w.shape)} takes ${inputs * groups}`);
  const [v, h] = windowsOf(call, x, w.shape.slice(2));
  const out = allocate([n, outputs, v.count, h.count], x.dtype, x.device);
  const geometry = {
    stride: [v.stride, h.stride],
    pad: [v.near, h.near],
    dilation: [v.dilation, h.dilation],
    groups,
  } as const;
  x.device.conv2d(x, w, biasOf(call, outputs), geometry, out);
  return restore(out);
};

const convTranspose: Operator = (call) => {
  call.allow('auto_pad', 'dilations', 'group', 'kernel_shape', 'output_padding', 'output_shape', 'pads', 'strides');
  const { x, restore } = imagesOf(call);
  const w = weightOf(call);
  const [n, channels, ...lengths] = x.shape;
  const groups = groupsOf(call, channels);
  if (w.shape[0] !== channels) call.fail(`its input has ${channels} channels, its weight takes ${w.shape[0]}`);
  const outputs = w.shape[1] * groups;
  const [strides, dilations] = [pairOf(call, 'strides', 1, 1), pairOf(call, 'dilations', 1, 1)];
  const more = pairOf(call, 'output_padding', 0, 0);
  const pads = padsOf(call);
  const wanted = call.ints('output_shape', null)?.slice(-(call.input(0).ndim - 2)) ?? null;
  const sizes = lengths.map((length, k) => {
    const full = (length - 1) * strides[k] + extentOf(call, w.shape[k + 2], dilations[k]) + more[k];
    const longest = Math.max(full, wanted?.at(k - 2) ?? 0);
    // The convolution of a longer image would have more windows than this input has elements.
    if (!(longest <= MOST && longest < full - more[k] + strides[k]))
      call.fail(`a result of ${longest} is too long for an axis of ${length}, stride ${strides[k]}`);
    const own = wanted?.at(k - 2);
    if (own !== undefined || !pads) {
      const size = own ?? length * strides[k];
      const total = Math.max(0, full - size);
      const half = Math.floor(total / 2);
      return { size, near: call.string('auto_pad', 'NOTSET') === 'SAME_UPPER' ? half : total - half };
    }
    return { size: full - pads[0][k] - pads[1][k], near: pads[0][k] };
  });
  const [v, h] = sizes;
  if (!(v.size >= 1 && h.size >= 1)) call.fail(`its result would be ${v.size} × ${h.size}`);
  const out = allocate([n, outputs, v.size, h.size], x.dtype, x.device);
  const geometry = { stride: strides, pad: [v.near, h.near], dilation: dilations, groups } as const;
  x.device.conv2dGradInput(x, w, geometry, out);
  const bias = biasOf(call, outputs);
  return restore(bias ? binary('add', out, bias.reshape([1, outputs, 1, 1])) : out);
};

const gemm: Operator = (call) => {
  const [a, b] = [call.input(0), call.input(1)];
  if (a.ndim !== 2 || b.ndim !== 2)
    call.fail(`its operands are ${formatShape(a.shape)} and ${formatShape(b.shape)}, expected matrices`);
  const [alpha, beta] = [call.float('alpha', 1), call.float('beta', 1)];
  const [transA, transB] = [call.int('transA', 0) !== 0, call.int('transB', 0) !== 0];
  const c = call.has(2) && beta !== 0 ? call.input(2) : null;
  const columns = b.shape[transB ? 0 : 1];
  const isAlike = c?.dtype === a.dtype && c.dtype === b.dtype;
  if (c && isAlike && alpha === 1 && beta === 1 && c.size === columns && c.shape.at(-1) === columns)
    return matmul(a, b, { transA, transB, bias: c.reshape([columns]) });
  const product = matmul(a, b, { transA, transB });
  const scaled = alpha === 1 ? product : binary('multiply', product, alpha);
  return c ? binary('add', scaled, beta === 1 ? c : binary('multiply', c, beta)) : scaled;
};

export const PRODUCTS = {
  Conv: conv,
  ConvTranspose: convTranspose,
  Gemm: gemm,
  MatMul: (call) => matmul(call.input(0), call.input(1)),
} satisfies Record<string, Operator>;
