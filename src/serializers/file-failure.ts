/** Turns the errors of systems, servers and networks into a FileError with a reason in words. */
import { FileError } from '../errors.js';

/** Reasons in words, by the system's codes. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EBUSY', 'the system uses it'],
  ['EDQUOT', 'the quota of this user is used up'],
  ['EEXIST', 'a file is in its place'],
  ['EFBIG', 'it would be larger than files may be'],
  ['EISDIR', 'it is a directory'],
  ['ELOOP', 'its symbolic links lead in a circle'],
  ['EMFILE', 'too many files are open'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENOENT', 'there is no such file or directory'],
  ['ENOSPC', 'no space is left on the device'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EPERM', 'the operation is not permitted'],
  ['EPIPE', 'the program that reads it has ended'],
  ['EROFS', 'the file system is read-only'],
  ['EXDEV', 'it is on another device'],
]);

/** Errors that are thrown without a code: Deno's permissions. */
const CODES_OF_NAMES: ReadonlyMap<string, string> = new Map([
  ['NotCapable', 'EACCES'],
  ['PermissionDenied', 'EACCES'],
]);

const UNKNOWN = 'EIO';

/** An error like one of the system's, with its own reason. See {@link fileFailure}. */
export class SystemError extends Error {
  readonly code: string;

  constructor(code: string, reason = '') {
    super(reason);
    this.code = code;
  }
}

/** An error and its causes: fetch hides the reason there. */
function* causesOf(thrown: unknown): Generator<Error> {
  for (let error = thrown; error instanceof Error; error = error.cause) yield error;
}

/**
 * The FileError for an error of the system.
 *
 * @param action the failed action, such as `the file could not be read`.
 * @param missing the reason for 'ENOENT' here.
 */
export function fileFailure(path: string, action: string, cause: unknown, missing?: string): FileError {
  const errors = [...causesOf(cause)];
  const [given] = errors.flatMap((error) => ('code' in error && typeof error.code === 'string' ? error.code : []));
  const [named] = errors.flatMap(({ name }) => CODES_OF_NAMES.get(name) ?? []);
  const code = given ?? named ?? UNKNOWN;
  const known = given === 'ENOENT' && missing !== undefined ? missing : REASONS.get(given);
  const own = cause instanceof SystemError && cause.message !== '' ? cause.message : undefined;
  const reason = own ?? known ?? errors.at(-1)?.message ?? String(cause);
  return new FileError(`${path}: ${action}: ${reason} (${code})`, { code, path, cause });
}

/** The codes for answers of servers. */
const HTTP_CODES: ReadonlyMap<number, string> = new Map([
  [401, 'EACCES'],
  [403, 'EACCES'],
  [404, 'ENOENT'],
  [410, 'ENOENT'],
]);

/** The error of a server that does not deliver a file. */
export function refusedByServer(url: string, { status, statusText }: Response): FileError {
  const code = HTTP_CODES.get(status) ?? UNKNOWN;
  return new FileError(`${url}: the server answered ${status} ${statusText}`.trimEnd(), { code, path: url });
}
