// @ts-check
/**
 * The groups of modules that may import one another. Every other cycle of imports is refused, of types too.
 * @type {readonly import('./import-cycles.mjs').KnownCycle[]}
 */
export const KNOWN_CYCLES = [
  {
    modules: ['hidden-members', 'layer-names', 'link', 'link-hook', 'link-summary', 'link-tree', 'state-dict'].map(
      (name) => `core/${name}`,
    ),
    reason: 'types alone: a link calls these, and each of them walks through a tree of links',
  },
  { modules: ['training/extension', 'training/trainer'], reason: 'a trainer calls extensions, with itself' },
].map(({ modules, reason }) => ({ modules: modules.map((module) => `src/${module}.ts`), reason }));
