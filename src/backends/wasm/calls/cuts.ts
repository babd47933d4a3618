/** The cuts of all kernels whose arguments are a record. Only threads load them. */
import { Convolution, Gemm, Winograd } from '../generated/records.js';
import type { RecordKernel } from './call-kind.js';
import { depthwiseCut, forwardCut, gradInputCut, gradWeightCut } from './convolution-cuts.js';
import type { Cut, Division } from './cut.js';
import { gemmCut } from './gemm-cuts.js';
import { winogradCut, winogradFiltersCut, winogradGradWeightCut } from './winograd-cuts.js';

/** A kernel whose calls threads divide. */
export interface Divisible {
  readonly kernel: RecordKernel;
  /** Words of the record, and the one that holds the address of the workspace. */
  readonly words: number;
  readonly workspace: number;
  /** The kernel that gives the bytes of the workspace. Default: the kernel itself. */
  readonly query?: RecordKernel;
  /** The best cut of a record; null where one thread computes everything. */
  readonly cut: (words: Int32Array, division: Division) => Cut | null;
}

const gemm = { words: Gemm.words, workspace: Gemm.workspace };
const conv = { words: Convolution.words, workspace: Convolution.workspace };
const winograd = { words: Winograd.words, workspace: Winograd.workspace };

export const DIVISIBLE: readonly Divisible[] = [
  { ...gemm, kernel: 'gemm', cut: gemmCut },
  { ...conv, kernel: 'convForward', cut: forwardCut },
  { ...conv, kernel: 'convGradInput', cut: gradInputCut },
  { ...conv, kernel: 'convGradWeight', cut: gradWeightCut },
  { ...conv, kernel: 'convDepthwise', cut: depthwiseCut },
  { ...conv, kernel: 'convDepthwiseGradInput', cut: depthwiseCut },
  { ...conv, kernel: 'convDepthwiseGradWeight', cut: gradWeightCut },
  { ...winograd, kernel: 'winograd', cut: winogradCut },
  { ...winograd, kernel: 'winogradFilters', query: 'winograd', cut: winogradFiltersCut },
  { ...winograd, kernel: 'winogradGradWeight', cut: winogradGradWeightCut },
];
