/** Names of operations as kernels know them: by number. */

/** The number of each name: its place in the list, which is its place in the enumeration in assembly/. */
export function numbered<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<Name, number>;
}
