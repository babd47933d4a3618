/** A dataset of the lines of text files: sentences, pairs of sentences. */

import { ShapeError, ValueError } from '../errors.js';
import { checkOptions } from '../options.js';
import { Described, made } from '../printing.js';
import { SEVERAL_TRANSFERS_OPTIONS, type SeveralTransfersOptions, transferOptionsOf } from '../serializers/download.js';
import { type ByteSource, nameOf, readBytes } from '../serializers/files.js';
import { type Dataset, placeOf } from './dataset.js';

/** Options of {@link TextDataset.load}. */
export interface TextDatasetOptions extends SeveralTransfersOptions {
  /** The encoding of the files, or of each file, as TextDecoder names it. Default `utf-8`. */
  encoding?: string | readonly string[];
  /** Whether bytes that are not text are an error (`strict`, the default) or become U+FFFD. */
  errors?: 'strict' | 'replace';
  /** Chooses examples by the lines of all files. Default: all. */
  filterFunc?: ((...lines: string[]) => boolean) | null;
}

/** The lines of a text with their line ends; \r\n and \r become \n, as Python's universal newlines. */
function linesOf(text: string): string[] {
  return text.replace(/\r\n?/g, '\n').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The lines of a text file, or the tuples of lines with the same number in several; each keeps its line end. Follows
 * chainer.datasets.TextDataset, but `await TextDataset.load(…)` makes it, and it holds the texts in memory.
 */
export class TextDataset<T extends string | readonly string[]> extends Described implements Dataset<T> {
  readonly #examples: readonly T[];

  private constructor(examples: readonly T[]) {
    super();
    this.#examples = examples;
  }

  /**
   * Reads text files.
   *
   * @throws ShapeError if the files differ in the number of lines, ValueError if there are no files, or if bytes are not text.
   */
  static async load(source: ByteSource, options?: TextDatasetOptions): Promise<TextDataset<string>>;
  static async load(
    sources: readonly ByteSource[],
    options?: TextDatasetOptions,
  ): Promise<TextDataset<readonly string[]>>;
  static async load(
    sources: ByteSource | readonly ByteSource[],
    options: TextDatasetOptions = {},
  ): Promise<TextDataset<string> | TextDataset<readonly string[]>> {
    checkOptions('TextDataset.load', options, {
      encoding: null,
      errors: null,
      filterFunc: null,
      ...SEVERAL_TRANSFERS_OPTIONS,
    });
    const transfer = transferOptionsOf(options);
    const { encoding = 'utf-8', errors = 'strict', filterFunc = null } = options;
    const list = isList(sources) ? sources : [sources];
    if (list.length === 0) throw new ValueError('TextDataset: no files');
    const files = await Promise.all(
      list.map(async (source, i) => {
        const label = typeof encoding === 'string' ? encoding : encoding[i];
        return linesOf(decode(await readBytes(source, transfer, 'TextDataset.load'), label, errors, nameOf(source)));
      }),
    );
    const [first] = files;
    for (const [i, { length }] of files.entries()) {
      if (length !== first.length) {
        throw new ShapeError(`TextDataset: ${nameOf(list[i])} has ${length} lines, ${nameOf(list[0])} ${first.length}`);
      }
    }
    const tuples = first.map((_, i) => files.map((lines) => lines[i]));
    const chosen = filterFunc ? tuples.filter((lines) => filterFunc(...lines)) : tuples;
    return isList(sources) ? new TextDataset(chosen) : new TextDataset(chosen.map(([line]) => line));
  }

  get length(): number {
    return this.#examples.length;
  }

  get(i: number): T {
    return this.#examples[placeOf('get', i, this.length)];
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { length: this.length };
  }
}

function isList(sources: ByteSource | readonly ByteSource[]): sources is readonly ByteSource[] {
  return Array.isArray(sources);
}

function decode(bytes: Uint8Array, encoding: string, errors: 'strict' | 'replace', name: string): string {
  try {
    return new TextDecoder(encoding, { fatal: errors === 'strict' }).decode(bytes);
  } catch (error) {
    throw new ValueError(`TextDataset: ${name} is not text in ${encoding}`, { cause: error });
  }
}
