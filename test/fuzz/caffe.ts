/** Random nets of Caffe, read and run. */
import fc from 'fast-check';
import { F, L, np, scope } from '../../src/index.js';
import { type CaffeCase, caffeCase, encoded } from './caffe-case.js';
import { drawn, type Outcome, refusedOr } from './target.js';

/** Reads a net, runs it, and goes back through it. */
function runNet({ input, pooling }: CaffeCase, bytes: Uint8Array, tops: readonly string[]): true {
  return scope(null, () => {
    const net = new L.CaffeFunction(bytes, 'fuzz', { pooling });
    const results = net({ data: np.ones([...input]) }, tops);
    for (const { array } of results) array.dataSync();
    const last = results.at(-1);
    if (last?.creator) F.sum(last).backward();
    return true;
  });
}

async function run(value: CaffeCase): Promise<Outcome> {
  const { bytes, tops } = encoded(value);
  const isRun = await refusedOr(() => runNet(value, bytes, tops));
  return { accepted: isRun === true, bytes: bytes.length };
}

export const caffe = drawn(caffeCase, {
  run,
  topic: ({ layers }) => (layers.length === 1 ? layers[0].type : 'several'),
  describe: ({ input, layers, old, pooling }) =>
    [`input (${input}), ${pooling}${old ? ', of old layers' : ''}`, ...layers.map((layer) => fc.stringify(layer))].join(
      '\n    ',
    ),
});
