/** Walks over a tree whose branches may meet, as links that are in two places do. It knows no link. */

/** The parts of a node, by name. */
export type PartsOf<T> = (node: T) => readonly (readonly [name: string, part: T])[];

/** Visits a node and all below it, each once, at its first path: `/a/b`, and '' for the node itself. */
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

/** Visits a node and all below it at each of their paths, but for those through a node that holds itself. */
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
