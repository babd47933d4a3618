/**
 * Arguments of Winograd's convolution: how many tiles and output channels are worked on at once, and so how much room a
 * call needs. Which m is best for a shape, or whether plain products are, is another file's business.
 */

import type { PreparedCall } from '../backend.js';
import type { Conv2dGeometry, Epilogue, Tensor } from '../primitives.js';
import type { Blocking, Machine } from './machine.js';
import { addressOf, expectMemory } from './memory.js';
import { type Operand, PreparedKernel } from './prepared.js';
import { ACTIVATION_CODES, roundUp, WORK_BYTES } from './products.js';

/** Outputs of a tile along an axis: F(m×m, 3×3). */
type TileSize = 2 | 4 | 6;

/** The algorithms of this file, by name. */
export const TILE_SIZES = { winograd2: 2, winograd4: 4, winograd6: 6 } as const;

/** Channels whose filters assembly/conv/winograd/winograd.ts transforms at once. */
const STRETCH = 16;

/** Bytes of the transformed tiles of a block, about: half of a second cache. */
const TRANSFORMED_BYTES = 1 << 19;

/** Bounds of the tiles of a block: fewer would read the filters too often, more would not fit. */
const FEWEST_TILES = 32;
const MOST_TILES = 96;

/** Output channels of a block, about. */
const OUTS = 48;

/**
 * What a call computes: a convolution by F(m×m, 3×3), with filters of 3 × 3, stride and dilation 1; or, `turned`, the adjoint in x of
 * one: a convolution of the gradient `x` with channels exchanged and filters upside down, whose padding may not exceed 2.
 */
export interface Problem {
  readonly m: TileSize;
  readonly x: Tensor;
  readonly w: Tensor;
  readonly y: Tensor;
  readonly geometry: Conv2dGeometry;
  readonly turned?: boolean;
}

/** Sizes of a call, in elements, and of its rooms, in bytes. */
interface Plan {
  readonly tiles: number;
  readonly outs: number;
  readonly allTiles: number;
  readonly filters: number;
  readonly rooms: readonly number[];
}

/** Channels of a group: of the image that is read, and of the one that is written. */
function channelsOf({ w, geometry, turned }: Problem): { channels: number; outChannels: number } {
  const [outer, inner] = [w.shape[0] / geometry.groups, w.shape[1]];
  return turned ? { channels: outer, outChannels: inner } : { channels: inner, outChannels: outer };
}

/** Bytes of transformed filters. */
function filterBytes({ tileRows }: Blocking, problem: Problem): number {
  const { channels, outChannels } = channelsOf(problem);
  return problem.geometry.groups * (problem.m + 2) ** 2 * roundUp(outChannels, tileRows) * channels * 4;
}

function planOf(blocking: Blocking, problem: Problem): Plan {
  const { tileRows, tileColumns } = blocking;
  const { m, y } = problem;
  const { channels, outChannels } = channelsOf(problem);
  const places = (m + 2) ** 2;
  const [high, wide] = [Math.ceil(y.shape[2] / m), Math.ceil(y.shape[3] / m)];
  const allTiles = y.shape[0] * high * wide;
  const fitting = roundUp(Math.floor(TRANSFORMED_BYTES / (places * channels * 4)), tileColumns);
  const most = Math.min(MOST_TILES, Math.max(FEWEST_TILES, fitting));
  // Blocks of one size: a last block of a few tiles would read all filters for little.
  const tiles = Math.min(roundUp(allTiles / Math.ceil(allTiles / most), tileColumns), roundUp(allTiles, 4));
  // Blocks of an even number, which two threads divide fairly.
  const outs = roundUp(Math.ceil(outChannels / (2 * Math.ceil(outChannels / (2 * OUTS)))), tileRows);
  const strips = Math.min(Math.ceil((tiles - 1) / wide) + 1, y.shape[0] * high);
  const frameRow = roundUp(wide * m + 2, 4) * 4;
  const panels = Math.ceil(tiles / tileColumns) * (channels * tileColumns * 4 + 64) + 64;
  return {
    tiles,
    outs,
    allTiles,
    filters: filterBytes(blocking, problem),
    rooms: [
      roundUp(tiles, 4) * 16,
      strips * (m + 2) * frameRow,
      places * panels,
      places * (outs * roundUp(tiles, 4) * 4 + 64),
      Math.max(places * tileRows * STRETCH * 4, 16 * places) + 16 * 3 * (m + 2),
    ].map((bytes) => roundUp(bytes, 64) + 64),
  };
}

/** The places of addresses in the record, in words, and its length in bytes. */
const WORD = { x: 9, y: 12, residual: 14, rooms: [21, 22, 23, 24, 25, 26] };
const RECORD_BYTES = 128;

/** Writes the record `Winograd` of assembly/conv/winograd/winograd.ts; `w` is looked at only to transform it. */
function writeRecord(
  { heap }: Machine,
  record: number,
  problem: Problem,
  plan: Plan,
  { activation = 'none', residual = null }: Epilogue,
  filters: number,
  bias: number,
  workspace: number,
): void {
  const { x, w, y, geometry, turned = false } = problem;
  const { channels, outChannels } = channelsOf(problem);
  expectMemory(x, w, y, residual);
  const words = heap.i32;
  let at = record >> 2;
  words[at++] = geometry.groups;
  words[at++] = channels;
  words[at++] = x.shape[2];
  words[at++] = x.shape[3];
  words[at++] = outChannels;
  words[at++] = y.shape[2];
  words[at++] = y.shape[3];
  words[at++] = geometry.pad[0];
  words[at++] = geometry.pad[1];
  words[at++] = addressOf(x);
  words[at++] = addressOf(w);
  words[at++] = Number(turned);
  words[at++] = addressOf(y);
  words[at++] = bias;
  words[at++] = residual ? addressOf(residual) : 0;
  words[at++] = ACTIVATION_CODES[activation];
  words[at++] = 0;
  words[at++] = plan.allTiles;
  words[at++] = plan.tiles;
  words[at++] = plan.outs;
  words[at++] = filters;
  let room = workspace;
  for (const bytes of plan.rooms) {
    words[at++] = room;
    room += bytes;
  }
  words[at++] = room;
  words[at++] = y.shape[1];
  words[at++] = problem.m;
}

const workspaceBytes = ({ rooms }: Plan): number => rooms.reduce((sum, bytes) => sum + bytes, WORK_BYTES);

/** y = act(conv(x, w) + bias + residual); y has elements. */
export function winograd(machine: Machine, problem: Problem, bias: Tensor | null, epilogue: Epilogue): void {
  const { heap, arguments: record } = machine;
  const plan = planOf(machine.blocking, problem);
  const filterRoom = roundUp(plan.filters, 64) + 64;
  const workspace = heap.alloc(filterRoom + workspaceBytes(plan));
  try {
    const biases = bias ? addressOf(bias) : 0;
    writeRecord(machine, record, problem, plan, epilogue, workspace, biases, workspace + filterRoom);
    machine.kernels.winogradFilters(record);
    machine.kernels.winograd(record);
  } finally {
    heap.free(workspace);
  }
}

/** The geometry of the convolution of gy that is the adjoint in x: it pads by what the forward one left out. */
export function turned(geometry: Conv2dGeometry): Conv2dGeometry {
  return { ...geometry, pad: [2 - geometry.pad[0], 2 - geometry.pad[1]] };
}

/** Tiles whose products are summed at once by the gradient in the filters, at most. */
const GRADIENT_TILES = 96;

/** w = the gradient in w from x and y, the gradient in the output: the adjoint of F(m×m, 3×3) summed over tiles; nothing is empty. */
export function winogradGradWeight(machine: Machine, problem: Problem & { readonly m: 4 | 6 }): void {
  const { heap, kernels, blocking, arguments: record } = machine;
  const { m, y } = problem;
  const { channels, outChannels } = channelsOf(problem);
  const places = (m + 2) ** 2;
  const [high, wide] = [Math.ceil(y.shape[2] / m), Math.ceil(y.shape[3] / m)];
  const allTiles = y.shape[0] * high * wide;
  const tiles = Math.ceil(allTiles / Math.ceil(allTiles / GRADIENT_TILES));
  const strips = Math.min(Math.ceil((tiles - 1) / wide) + 1, y.shape[0] * high);
  const rows = roundUp(places * (roundUp(outChannels, blocking.tileRows) * tiles * 4 + 64), 64) + 64;
  const plan: Plan = {
    tiles,
    outs: 0,
    allTiles,
    filters: rows,
    rooms: [
      roundUp(tiles, 4) * 16,
      4 * strips * (m + 2) * roundUp(wide * m + 2, 4) * 4,
      places * (roundUp(channels, blocking.tileColumns) * tiles * 4 + 64),
      places * (outChannels * roundUp(channels, 4) * 4 + 64),
      16 * places + places * blocking.tileRows * roundUp(tiles, 4) * 4,
    ].map((bytes) => roundUp(bytes, 64) + 64),
  };
  const workspace = heap.alloc(rows + workspaceBytes(plan));
  try {
    writeRecord(machine, record, problem, plan, {}, workspace, 0, workspace + rows);
    kernels.winogradGradWeight(record);
  } finally {
    heap.free(workspace);
  }
}

/**
 * {@link winograd} for filters and a bias that do not change: the filters are transformed now, the bias is copied, and
 * neither is read again. Keeps (m + 2)²/9 times the weight, as float32.
 */
export function prepareWinograd(
  machine: Machine,
  problem: Problem,
  bias: Tensor | null,
  epilogue: Epilogue,
): PreparedCall {
  const { heap, arena } = machine;
  const { x, w, y } = problem;
  const plan = planOf(machine.blocking, problem);
  const biasBytes = bias ? roundUp(4 * bias.memory.size, 64) : 0;
  const bytes = RECORD_BYTES + biasBytes + plan.filters + 64;
  expectMemory(x, w, bias, y, epilogue.residual);
  const block = heap.alloc(bytes);
  arena.retain(workspaceBytes(plan));
  const biases = bias ? block + RECORD_BYTES : 0;
  if (bias) heap.u8.copyWithin(biases, addressOf(bias), addressOf(bias) + 4 * bias.memory.size);
  writeRecord(machine, block, problem, plan, epilogue, block + RECORD_BYTES + biasBytes, biases, arena.address);
  machine.kernels.winogradFilters(block);
  const operands: Operand[] = [
    { word: WORD.x, tensor: x },
    { word: WORD.y, tensor: y },
  ];
  if (epilogue.residual) operands.push({ word: WORD.residual, tensor: epilogue.residual });
  return new PreparedKernel(machine, {
    algorithm: `winograd ${problem.m}×${problem.m}`,
    readsWeight: false,
    kernel: (record) => machine.kernels.winograd(record),
    block,
    bytes,
    operands,
    rooms: WORD.rooms,
  });
}
