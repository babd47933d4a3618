/** The numbers by which kernels know operations. */

/** The number of each name: its place in a list of `ops.ts`, from which assembly/generated/ops.ts is written. */
export function codesOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;
}
