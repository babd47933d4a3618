/**
 * Calls of the convolution kernels that are no matrix product and not Winograd's: run once with room from the heap, or
 * prepared, their filters packed. Which algorithm a shape deserves is not their business.
 */

import type { PreparedCall, WeightFormat } from '../backend.js';
import type { Conv2dGeometry, Tensor } from '../primitives.js';
import {
  type ConvolutionCall,
  depthwiseRooms,
  NO_ROOM,
  type Piece,
  panelsBytes,
  pieceOf,
  RECORD_BYTES,
  type Rooms,
  WHOLE,
  WORD,
  workspaceBytes,
  writeRecord,
} from './convolution-record.js';
import type { Machine } from './machine.js';
import { addressOf, expectMemory } from './memory.js';
import { type Operand, PreparedKernel } from './prepared.js';
import { FORMAT_BYTES, FORMAT_CODES, roundUp } from './products.js';

/** How a convolution is computed. */
export interface Method {
  readonly algorithm: string;
  readonly kernel: (record: number) => void;
  readonly piece: Piece;
  readonly rooms: Rooms;
  /** Whether the kernel takes filters that are packed already. */
  readonly takesPacked: boolean;
}

/** What the kernel of float64 computes, as assembly/conv/generic.ts numbers it. */
export const DIRECTIONS = { forward: 0, gradInput: 1, gradWeight: 2 };

/** Whether every pixel is used once, so that the image is its own column matrix. */
const isPointwise = (x: Tensor, w: Tensor, { stride, pad }: Conv2dGeometry, y: Tensor): boolean =>
  w.shape[2] * w.shape[3] * stride[0] * stride[1] === 1 &&
  pad[0] + pad[1] === 0 &&
  x.shape[2] === y.shape[2] &&
  x.shape[3] === y.shape[3];

/** How one of these two algorithms computes a convolution; float64 is plain loops, whichever is asked for. */
export function methodOf(
  machine: Machine,
  algorithm: 'im2col' | 'depthwise',
  x: Tensor,
  w: Tensor,
  bias: Tensor | null,
  geometry: Conv2dGeometry,
  out: Tensor,
): Method {
  const { blocking } = machine;
  const piece = pieceOf(out.shape);
  if (out.dtype === 'float64') {
    return {
      algorithm: 'plain loops',
      kernel: (record) => machine.kernels.convF64(record, DIRECTIONS.forward),
      piece,
      rooms: NO_ROOM,
      takesPacked: false,
    };
  }
  if (algorithm === 'depthwise') {
    const rooms = depthwiseRooms(x, w, out, geometry);
    return {
      algorithm,
      kernel: (record) => machine.kernels.convDepthwise(record),
      piece: WHOLE,
      rooms,
      takesPacked: false,
    };
  }
  const q = w.memory.size / w.shape[0];
  const m = w.shape[0] / geometry.groups;
  const rooms = {
    packedA: roundUp(m, blocking.tileRows) * q * 4,
    packedB: panelsBytes(blocking, piece.pixels, Math.min(q, blocking.depth)),
    row: piece.pixels * 4,
    results: piece.images > 1 ? m * piece.pixels * 4 : 0,
    biases: bias ? m * blocking.tileColumns * 4 : 0,
    expanded: 0,
  };
  const name = isPointwise(x, w, geometry, out) ? '1×1 product' : 'im2col in panels';
  return {
    algorithm: name,
    kernel: (record) => machine.kernels.convForward(record),
    piece,
    rooms,
    takesPacked: q > 0,
  };
}

/** Calls a kernel with rooms from the heap. */
export function runConvolution(machine: Machine, kernel: (record: number) => void, call: ConvolutionCall): void {
  const { heap, arguments: record } = machine;
  const workspace = heap.alloc(workspaceBytes(call.rooms));
  try {
    writeRecord(machine, record, call, workspace);
    kernel(record);
  } finally {
    heap.free(workspace);
  }
}

/** A call whose filters, if its kernel takes them packed, are packed now, and whose bias is copied. */
export function prepareConvolution(
  machine: Machine,
  method: Method,
  call: ConvolutionCall,
  format: WeightFormat,
): PreparedCall {
  const { heap, arena, blocking, kernels } = machine;
  const { w, bias, residual } = call;
  const { takesPacked } = method;
  const { groups } = call.geometry;
  const filters = groups * roundUp(w.shape[0] / groups, blocking.tileRows);
  const filterSize = w.memory.size / w.shape[0];
  const biasBytes = bias ? roundUp(bias.memory.size * 4, 64) : 0;
  const scaleBytes = takesPacked && format === 'int8' ? roundUp(filters * 4, 64) : 0;
  const weightBytes = takesPacked ? filters * filterSize * FORMAT_BYTES[format] : 0;
  const bytes = RECORD_BYTES + biasBytes + scaleBytes + weightBytes;
  const expanded = format === 'float32' ? 0 : blocking.rows * Math.min(filterSize, blocking.depth) * 4;
  const rooms = takesPacked ? { ...method.rooms, packedA: 0, expanded } : method.rooms;
  expectMemory(call.x, w, bias, call.y, residual);
  const block = heap.alloc(bytes);
  arena.retain(workspaceBytes(rooms));
  writeRecord(machine, block, { ...call, rooms }, arena.address);

  const words = heap.u32;
  const first = block >> 2;
  const operands: Operand[] = [
    { word: WORD.x, tensor: call.x },
    { word: WORD.y, tensor: call.y },
  ];
  if (residual) operands.push({ word: WORD.residual, tensor: residual });
  if (bias?.dtype === 'float32') {
    heap.u8.copyWithin(block + RECORD_BYTES, addressOf(bias), addressOf(bias) + bias.memory.size * 4);
    words[first + WORD.bias] = block + RECORD_BYTES;
  } else if (bias) {
    operands.push({ word: WORD.bias, tensor: bias });
  }
  const workRooms = [WORD.packedB, WORD.row, WORD.results, WORD.biases, WORD.expanded, WORD.work];
  if (takesPacked) {
    const scales = block + RECORD_BYTES + biasBytes;
    words[first + WORD.format] = FORMAT_CODES[format];
    words[first + WORD.scales] = scales;
    words[first + WORD.packedA] = scales + scaleBytes;
    if (!kernels.packFilters(block, scales + scaleBytes)) {
      // An element is beyond what the format can hold.
      heap.free(block);
      arena.release();
      return prepareConvolution(machine, method, call, 'float32');
    }
  } else {
    operands.push({ word: WORD.w, tensor: w });
    workRooms.push(WORD.packedA);
  }
  return new PreparedKernel(machine, {
    algorithm: method.algorithm,
    readsWeight: !takesPacked,
    kernel: method.kernel,
    block,
    bytes,
    operands,
    rooms: workRooms,
  });
}
