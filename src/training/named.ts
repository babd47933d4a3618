/** Things by name, where one thing alone is called `main`. */
export function named<V>(
  things: V | Readonly<Record<string, V>>,
  isOne: (things: V | Readonly<Record<string, V>>) => things is V,
): ReadonlyMap<string, V> {
  return isOne(things) ? new Map([['main', things]]) : new Map(Object.entries(things));
}
