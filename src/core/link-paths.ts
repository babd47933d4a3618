/** Walks over a tree in which a node may hang at several places, as a link that two links share. */

/** The parts of a node, by name. */
export type PartsOf<T> = (node: T) => readonly (readonly [name: string, part: T])[];

/** Visits a node and all nodes below it, each once, with its first path: `/a/b`; '' for the node itself. */
export function visitOnce<T>(
  node: T,
  partsOf: PartsOf<T>,
  visit: (node: T, path: string) => void,
  path = '',
  seen: Set<T> = new Set(),
): void {
  seen.add(node);
  visit(node, path);
  for (const [name, part] of partsOf(node)) {
    if (!seen.has(part)) visitOnce(part, partsOf, visit, `${path}/${name}`, seen);
  }
}

/** Visits a node and all nodes below it once for each of their paths. A path never passes a node twice. */
export function visitEveryPath<T>(
  node: T,
  partsOf: PartsOf<T>,
  visit: (node: T, path: string) => void,
  path = '',
  above: readonly T[] = [],
): void {
  if (above.includes(node)) return;
  visit(node, path);
  for (const [name, part] of partsOf(node)) visitEveryPath(part, partsOf, visit, `${path}/${name}`, [...above, node]);
}
