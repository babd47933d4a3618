import { type Extension, makeExtension } from '../extension.js';

/**
 * Does nothing, because observations never hold the graph of a reported variable. It exists for programs that come from Chainer, where
 * `unchain_variables` cuts that graph.
 */
export function unchainVariables(): Extension {
  return makeExtension({ defaultName: 'unchain_variables', priority: 0 }, () => {});
}
