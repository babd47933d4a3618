/** What a node of a file may cost while the file becomes a graph: the limits of the file, asked for the node that is at work. */
import type { Budget } from '../../formats/limits.js';
import type { OnnxNode } from '../../formats/onnx/model.js';
import type { Costs } from '../costs.js';
import { nameOf } from './call.js';

export class LoadingCosts implements Costs {
  /** The node that is at work; null before the first and behind the last. */
  node: OnnxNode | null = null;

  constructor(
    readonly budget: Budget,
    readonly opset: number,
  ) {}

  /** The layer that the recorder writes down for calls. */
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

  /** A list of so many numbers is made on the host. */
  list(length: number): void {
    this.budget.check('elements', length, this.#what);
    this.compute(length);
  }
}
