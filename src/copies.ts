/**
 * Several copies of this package in one program, as two versions of it, or a bundle beside modules: an object tells which copy
 * made its class, under a symbol that all copies share. Knows no class.
 */

/** The property of prototypes that names the copy. */
export const MARK: unique symbol = Symbol.for('rensa.copy');

/** What a copy tells the others. */
export interface Copy {
  /** That of package.json. */
  readonly version: string;
}

/** This copy. */
export const COPY: Copy = { version: '0.1.0' };

/** The copy that a value is of, if it is another one than this; else undefined. */
export function otherCopy(value: unknown): Copy | undefined {
  const copy: Copy | undefined = (value as { [MARK]?: Copy } | null | undefined)?.[MARK];
  return copy === COPY ? undefined : copy;
}
