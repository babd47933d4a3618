/** All fuzzers, by the names that `--target` takes. */
import { archives } from './archives.js';
import { caffe } from './caffe.js';
import { calls } from './calls.js';
import { damagedFiles } from './damaged-files.js';
import { graphs, threadedGraphs } from './graphs.js';
import { http } from './http.js';
import { pictures } from './pictures.js';
import type { Target } from './target.js';

/** Targets with made-up cases. */
const GENERATED = {
  archives,
  caffe,
  calls,
  graphs,
  'graphs with threads': threadedGraphs,
  http,
  pictures,
} satisfies Record<string, Target>;

/** The names of formats, which `--format` takes; `--target files` is all of them. */
export const FORMAT_NAMES: readonly string[] = Object.keys(damagedFiles);

export { caseSeed } from './target.js';

export const TARGETS: ReadonlyMap<string, Target> = new Map(Object.entries({ ...damagedFiles, ...GENERATED }));
