/** Decides which compressed files are read twice: first to check them, then to keep the contents. */

/** The usual upper bound on the contents of a compressed file of `file` bytes: 32 MiB, or 32 times the file. */
export const usualSize = (file: number): number => Math.max(2 ** 25, 32 * file);

/**
 * Whether contents of `size` bytes are so much larger than the `file` that damage near its end would cost too much.
 * Such a file is read to its end and checked before memory is allocated for its contents. Thus no damaged file of less
 * than 1 MB makes a reader allocate more than 32 MiB.
 */
export const needsRehearsal = (file: number, size: number): boolean => size > usualSize(file);
