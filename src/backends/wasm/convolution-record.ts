/**
 * The record `Convolution` of assembly/conv/convolution.ts: how much of a convolution is worked on at once, how much room
 * that needs, and where each argument goes. convolution-calls.ts calls the kernel.
 */
import type { Activation } from '../ops.js';
import type { Conv2dGeometry, Tensor } from '../primitives.js';
import type { Blocking, Machine } from './machine.js';
import { addressOf, expectMemory } from './memory.js';
import { ACTIVATION_CODES, GIVEN, roundUp, WORK_BYTES } from './products.js';

/** Output pixels that are worked on at once. */
const PIXELS = 512;

/** What is worked on at once: some whole images, or some rows of one. */
export interface Piece {
  readonly images: number;
  readonly rows: number;
  readonly pixels: number;
}

/** For kernels that divide their work by themselves. */
export const WHOLE: Piece = { images: 1, rows: 1, pixels: 0 };

export function pieceOf([batch, , outHeight, outWidth]: readonly number[]): Piece {
  const plane = outHeight * outWidth;
  const images = Math.max(1, Math.min(batch, Math.floor(PIXELS / plane)));
  const rows = images > 1 ? outHeight : Math.max(1, Math.min(outHeight, Math.floor(PIXELS / outWidth)));
  return { images, rows, pixels: images * rows * outWidth };
}

/** Bytes of packed panels of columns: a cache line more for each than its elements take. */
export const panelsBytes = ({ tileColumns }: Blocking, pixels: number, k: number): number =>
  Math.ceil(pixels / tileColumns) * (k * tileColumns * 4 + 64);

/** Bytes of the rooms of a call. */
export interface Rooms {
  readonly packedA: number;
  readonly packedB: number;
  readonly row: number;
  readonly results: number;
  readonly biases: number;
  readonly expanded: number;
}

export const NO_ROOM: Rooms = { packedA: 0, packedB: 0, row: 0, results: 0, biases: 0, expanded: 0 };

/**
 * Room for a depthwise convolution or one of its gradients: frames, taps, and the planes of one row of remainders. Blocks at
 * the edges read up to seven rows of a frame beyond its end.
 */
export function depthwiseRooms(
  x: Tensor,
  w: Tensor,
  y: Tensor,
  { stride, pad, dilation, groups }: Conv2dGeometry,
): Rooms {
  const extents = (axis: 0 | 1) => {
    const reach = (w.shape[2 + axis] - 1) * dilation[axis];
    const remainder = Math.ceil(x.shape[2 + axis] / stride[axis]);
    return {
      remainder,
      ofX: (y.shape[2 + axis] + Math.ceil(reach / stride[axis])) * stride[axis],
      ofY: remainder + Math.ceil((reach + pad[axis]) / stride[axis]) + 2,
    };
  };
  const [height, width] = [extents(0), extents(1)];
  const outputs = w.shape[0] / groups;
  const frame = Math.max((height.ofX + 8 * stride[0]) * width.ofX, (height.ofY * outputs + 8) * width.ofY);
  return {
    ...NO_ROOM,
    packedA: outputs * w.shape[2] * w.shape[3] * 8,
    row: frame * 4 + 256,
    results: height.remainder * width.remainder * stride[1] * 4,
  };
}

/** A room with what vectors may write beyond its end. */
const roomBytes = (bytes: number): number => roundUp(bytes, 64) + 64;

/** Bytes that the rooms take together. */
export const workspaceBytes = ({ packedA, packedB, row, results, biases, expanded }: Rooms): number =>
  roomBytes(packedA) +
  roomBytes(packedB) +
  roomBytes(row) +
  roomBytes(results) +
  roomBytes(biases) +
  roomBytes(expanded) +
  WORK_BYTES;

/** A convolution, or one of its gradients: x, w and y are what the kernels call so, whichever of them is the result. */
export interface ConvolutionCall {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly y: Tensor;
  readonly geometry: Conv2dGeometry;
  readonly bias: Tensor | null;
  readonly activation: Activation;
  readonly residual: Tensor | null;
  readonly piece: Piece;
  readonly rooms: Rooms;
}

/** The places of addresses in the record, in words, and its length in bytes. */
export const WORD = {
  x: 16,
  w: 17,
  y: 18,
  bias: 19,
  residual: 21,
  format: 22,
  scales: 23,
  packedA: 26,
  packedB: 27,
  row: 28,
  results: 29,
  biases: 30,
  expanded: 31,
  work: 32,
};
export const RECORD_BYTES = 192;

/** Writes the record, with rooms one behind the other from `workspace` on. */
export function writeRecord({ heap }: Machine, record: number, call: ConvolutionCall, workspace: number): void {
  const { x, w, y, bias, residual, piece, rooms } = call;
  const { stride, pad, dilation, groups } = call.geometry;
  expectMemory(x, w, y, bias, residual);
  const words = heap.u32;
  let at = record >> 2;
  words[at++] = x.shape[0];
  words[at++] = groups;
  words[at++] = w.shape[1];
  words[at++] = x.shape[2];
  words[at++] = x.shape[3];
  words[at++] = w.shape[0] / groups;
  words[at++] = y.shape[2];
  words[at++] = y.shape[3];
  words[at++] = w.shape[2];
  words[at++] = w.shape[3];
  words[at++] = stride[0];
  words[at++] = stride[1];
  words[at++] = dilation[0];
  words[at++] = dilation[1];
  words[at++] = pad[0];
  words[at++] = pad[1];
  words[at++] = addressOf(x);
  words[at++] = addressOf(w);
  words[at++] = addressOf(y);
  words[at++] = bias ? addressOf(bias) : 0;
  words[at++] = ACTIVATION_CODES[call.activation];
  words[at++] = residual ? addressOf(residual) : 0;
  words[at++] = GIVEN;
  words[at++] = 0;
  words[at++] = piece.images;
  words[at++] = piece.rows;
  let room = workspace;
  words[at++] = room;
  room += roomBytes(rooms.packedA);
  words[at++] = room;
  room += roomBytes(rooms.packedB);
  words[at++] = room;
  room += roomBytes(rooms.row);
  words[at++] = room;
  room += roomBytes(rooms.results);
  words[at++] = room;
  room += roomBytes(rooms.biases);
  words[at++] = room;
  room += roomBytes(rooms.expanded);
  words[at++] = room;
  words[at++] = x.shape[1];
  words[at++] = y.shape[1];
  words[at++] = 0;
  words[at++] = y.shape[2];
}
