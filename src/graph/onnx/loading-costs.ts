/** The costs of an ONNX file while it becomes a graph, checked against the file's limits. Errors name the node that exceeds one. */
import type { Budget } from '../../formats/limits.js';
import type { OnnxNode } from '../../formats/onnx/model.js';
import type { Costs } from '../costs.js';
import { nameOf } from './node-name.js';

export class LoadingCosts implements Costs {
  /** The node that is being interpreted; null before the first and after the last. */
  node: OnnxNode | null = null;

  constructor(
    readonly budget: Budget,
    readonly opset: number,
  ) {}

  /** The layer of the current calls, for the recording. */
  get current(): string {
    return this.node?.name ?? '';
  }

  get #what(): string {
    return this.node ? nameOf(this.node, this.opset) : 'the graph';
  }

  declare(bytes: number): void {
    this.budget.check('bytes', bytes, this.#what);
  }

  reserve(bytes: number, isConstant: boolean): void {
    if (isConstant) this.budget.spend('constants', bytes, this.#what);
    this.budget.spend('bytes', bytes, this.#what);
  }

  compute(work: number): void {
    this.budget.spend('multiplyAdds', work, this.#what);
  }

  /** The host makes a list of this many numbers. */
  list(length: number): void {
    this.budget.check('elements', length, this.#what);
    this.compute(length);
  }
}
