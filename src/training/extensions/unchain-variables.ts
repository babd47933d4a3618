import { type Extension, makeExtension } from '../extension.js';

/**
 * Does nothing: what is reported is observed without the graph behind it, always, so there is nothing to cut. It is here for
 * programs that come from Chainer, where `unchain_variables` cuts it.
 */
export function unchainVariables(): Extension {
  return makeExtension({ defaultName: 'unchain_variables', priority: 0 }, () => {});
}
