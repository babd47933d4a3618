import { buildComputationalGraph, type ComputationalGraph, type DotStyle } from '../../core/computational-graph.js';
import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { Variable } from '../../core/variable.js';
import { KeyError } from '../../errors.js';
import { checkOptions } from '../../options.js';
import { Extension } from '../extension.js';
import type { Trainer } from '../trainer.js';
import type { TriggerLike } from '../trigger.js';

/** Options of {@link DumpGraph}. */
export interface DumpGraphOptions {
  /** The file in the output directory. The picture beside it has the same name and ends in `.svg`. Default `cg.dot`. */
  filename?: string;
  /** The attributes of variables in DOT. */
  variableStyle?: DotStyle;
  /** The attributes of functions in DOT. */
  functionStyle?: DotStyle;
}

/** The names of {@link DumpGraphOptions}. */
const OPTIONS: Readonly<Record<keyof DumpGraphOptions, unknown>> = {
  filename: null,
  variableStyle: null,
  functionStyle: null,
};

/**
 * Writes the graph of a reported variable once, in the first iteration: as DOT, for Graphviz, and as SVG. Follows
 * chainer.training.extensions.DumpGraph.
 */
export class DumpGraph extends Extension {
  override readonly defaultName = 'dump_graph';
  override readonly trigger: TriggerLike = () => !this.#isDone;
  readonly #rootName: string;
  readonly #filename: string;
  readonly #options: DumpGraphOptions;
  #graph: ComputationalGraph | null = null;
  #isDone = false;

  /** @param rootName the reported variable, such as `main/loss` */
  constructor(rootName: string, options: DumpGraphOptions = {}) {
    super();
    checkOptions('DumpGraph', options, OPTIONS);
    const { filename = 'cg.dot' } = options;
    this.#rootName = rootName;
    this.#filename = filename;
    this.#options = options;
  }

  /** The graph; null before the first iteration. */
  get graph(): ComputationalGraph | null {
    return this.#graph;
  }

  /** Looks at the variable when it is reported: the observation holds values without their graph. */
  override initialize({ reporter }: Trainer): void {
    if (this.#isDone) return;
    const stop = reporter.listen((name, value) => {
      if (name !== this.#rootName || !(value instanceof Variable)) return;
      const { variableStyle, functionStyle } = this.#options;
      this.#graph = buildComputationalGraph(value, { variableStyle, functionStyle });
      stop();
    });
  }

  /** @throws KeyError if no variable of that name was reported. */
  override async invoke({ output }: Trainer): Promise<void> {
    if (!this.#graph) throw new KeyError(`DumpGraph: no variable '${this.#rootName}' was reported`);
    this.#isDone = true;
    const encoder = new TextEncoder();
    await output?.write(this.#filename, encoder.encode(this.#graph.dump('dot')));
    await output?.write(this.#filename.replace(/(\.dot)?$/, '.svg'), encoder.encode(this.#graph.dump('svg')));
  }

  override serialize(serializer: Serializer): void {
    this.#isDone = unlessMissing(serializer, '_flag_called', this.#isDone, false);
    // Chainer keeps a switch here and expects it in files.
    unlessMissing(serializer, '_original_flag', false, false);
  }
}
