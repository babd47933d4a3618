/**
 * The typed errors. Every error that this library throws is one of these. A message names the operation, what it
 * expected and what it got, with the numbers.
 */

/** The base of all errors thrown by Rensa: `catch (e) { if (e instanceof RensaError) … }`. */
export class RensaError extends Error {
  /** The class's name, which survives minification and messages between threads. */
  override name = 'RensaError';
}

/** Shapes, axes or sizes do not fit the operation. */
export class ShapeError extends RensaError {
  override name = 'ShapeError';
}

/** The operation does not accept a dtype, or the dtypes of its operands differ. */
export class DTypeError extends RensaError {
  override name = 'DTypeError';
}

/** Operands live on different devices, or a device is missing or lacks a feature. */
export class DeviceError extends RensaError {
  override name = 'DeviceError';
}

/**
 * A device lost its memory, as a GPU does when its driver restarts. The message names the values that were lost with
 * it.
 */
export class DeviceLostError extends DeviceError {
  override name = 'DeviceLostError';
}

/** An index or a label lies outside its range. */
export class IndexError extends RensaError {
  override name = 'IndexError';
}

/** An argument has a value that the operation does not accept. */
export class ValueError extends RensaError {
  override name = 'ValueError';
}

/** An array was used after its memory was freed, or memory ran out. */
export class MemoryError extends RensaError {
  override name = 'MemoryError';
}

/** Bytes are not a valid file of the expected format, or hold something that the format's reader does not support. */
export class FormatError extends RensaError {
  override name = 'FormatError';
}

/** The fields of a {@link FileError} beside its message. */
export interface FileErrorOptions extends ErrorOptions {
  /** Default 'EIO'. */
  code?: string;
  /** Default ''. */
  path?: string;
}

/**
 * A file, a directory or a URL cannot be read or written. If the bytes themselves are wrong, the error is a {@link
 * FormatError}.
 */
export class FileError extends RensaError {
  override name = 'FileError';
  /**
   * The reason under the name that Node and other systems use: 'ENOENT' (it does not exist; for a URL: the server
   * answers 404 or 410), 'EACCES' (not permitted; 401 or 403), 'EISDIR' (a directory), 'ENOSPC' (no space left),
   * 'ECONNREFUSED', …; 'EIO' if the system gives no reason.
   */
  readonly code: string;
  /** The path or URL. */
  readonly path: string;

  constructor(message: string, options: FileErrorOptions = {}) {
    super(message, options);
    this.code = options.code ?? 'EIO';
    this.path = options.path ?? '';
  }
}

/** A name does not exist: that of a parameter, an entry of a file, a layer, an extension. */
export class KeyError extends RensaError {
  override name = 'KeyError';
}

/** The graph does not allow the requested backward computation, or a scope was used wrongly. */
export class GraphError extends RensaError {
  override name = 'GraphError';
}

/** A gradient differs from finite differences: see `gradientCheck`. */
export class GradientError extends RensaError {
  override name = 'GradientError';
}
