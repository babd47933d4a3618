/** What compressed files usually become, and files that are read twice because they become more. It knows no format. */

/** What a compressed file of so many bytes becomes at most, unless it was made to become more: 32 MiB, or 32 times the file. */
export const usualSize = (file: number): number => Math.max(2 ** 25, 32 * file);

/**
 * Whether contents of `size` bytes are so much larger than the `file` that holds them that damage near the file's end would cost too much:
 * then the file is read to its end, and checked, before memory is taken for its contents. So no file of less than 1 MB has more than 32 MiB
 * taken for it and then turns out to be damaged.
 */
export const needsRehearsal = (file: number, size: number): boolean => size > usualSize(file);
