/**
 * Several copies of this package may run in one program: two versions, or a bundle beside modules. Each object names
 * the copy that made its class, under a symbol that all copies share.
 */

/** The property of prototypes that names the copy. */
export const MARK: unique symbol = Symbol.for('rensa.copy');

/** The description of a copy, for the other copies. */
export interface Copy {
  /** The version in package.json. */
  readonly version: string;
}

/** This copy. */
export const COPY: Copy = { version: '0.1.0' };

/** The copy that made a value, if it is not this one; else undefined. */
export function otherCopy(value: unknown): Copy | undefined {
  const copy: Copy | undefined = (value as { [MARK]?: Copy } | null | undefined)?.[MARK];
  return copy === COPY ? undefined : copy;
}
