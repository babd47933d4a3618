/** A value that a test needs, whose type says that it may be absent. */

/** Returns `value`. Throws if it is null or undefined. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error(`expected a value, got ${value}`);
  return value;
}
