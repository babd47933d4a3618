/** Files that are read twice, the first time to nothing: see {@link needsRehearsal}. It knows no format. */

/**
 * Whether contents of `size` bytes are so much larger than the `file` that holds them that damage near the file's end would cost too much:
 * then the file is read to its end, and checked, before memory is taken for its contents. So no file of less than 1 MB has more than 32 MiB
 * taken for it and then turns out to be damaged.
 */
export function needsRehearsal(file: number, size: number): boolean {
  return size > 2 ** 25 && size > 32 * file;
}
