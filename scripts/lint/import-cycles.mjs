// @ts-check
/** Finds the import cycles of a module graph. */

/**
 * The groups of modules that all reach one another: the strongly connected components of more than one module, by Tarjan's
 * algorithm.
 * @param {ReadonlyMap<string, Iterable<string>>} imports the modules that each module imports
 * @returns {string[][]} sorted groups of sorted names
 */
function importCycles(imports) {
  /** @type {Map<string, { index: number, low: number, onStack: boolean }>} */
  const visited = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const cycles = [];

  /** @param {string} module */
  const visit = (module) => {
    const state = { index: visited.size, low: visited.size, onStack: true };
    visited.set(module, state);
    stack.push(module);
    for (const target of imports.get(module) ?? []) {
      const seen = visited.get(target);
      if (!seen) state.low = Math.min(state.low, visit(target).low);
      else if (seen.onStack) state.low = Math.min(state.low, seen.index);
    }
    if (state.low === state.index) {
      const group = stack.splice(stack.indexOf(module));
      for (const member of group) Object.assign(/** @type {object} */ (visited.get(member)), { onStack: false });
      if (group.length > 1) cycles.push(group.sort());
    }
    return state;
  };

  for (const module of imports.keys()) if (!visited.has(module)) visit(module);
  return cycles.sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Modules that may import one another, and why.
 * @typedef {{ modules: readonly string[], reason: string }} KnownCycle
 */

/**
 * Compares the cycles of a graph with the known ones. Reports a cycle that no entry of `known` allows, and an entry
 * that no longer allows one.
 * @param {ReadonlyMap<string, Iterable<string>>} imports
 * @param {readonly KnownCycle[]} known
 * @returns {{ module: string, rule: string }[]}
 */
export function checkCycles(imports, known) {
  /** The cycles that remain without the imports inside each allowed group. @param {readonly KnownCycle[]} allowed */
  const cyclesBut = (allowed) => {
    /** @param {string} from @param {string} to */
    const isAllowed = (from, to) => allowed.some(({ modules }) => modules.includes(from) && modules.includes(to));
    return importCycles(
      new Map([...imports].map(([from, targets]) => [from, [...targets].filter((to) => !isAllowed(from, to))])),
    );
  };
  const unknown = cyclesBut(known).map((cycle) => ({
    module: cycle[0],
    rule: `imports form a cycle: ${cycle.join(', ')}`,
  }));
  const stale = known
    .filter((entry) => {
      const others = known.filter((other) => other !== entry);
      return !cyclesBut(others).some((cycle) => entry.modules.every((module) => cycle.includes(module)));
    })
    .map(({ modules }) => ({
      module: modules[0],
      rule: `these form no cycle (any more): ${modules.join(', ')}; shorten or delete the entry in KNOWN_CYCLES`,
    }));
  return [...unknown, ...stale];
}
