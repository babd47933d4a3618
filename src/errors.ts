/**
 * The typed errors. Every error this library throws is one of these; each message names the operation, what was
 * expected and what came, with the numbers. They know nothing of arrays or backends.
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

/** A dtype is not accepted by the operation, or the dtypes of its operands differ. */
export class DTypeError extends RensaError {
  override name = 'DTypeError';
}

/** Operands live on different devices, or a device is missing or lacks a feature. */
export class DeviceError extends RensaError {
  override name = 'DeviceError';
}

/** A device lost its memory, as a GPU does when its driver restarts, and with it the values that the message tells of. */
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

/** Bytes are not a valid file of the expected format, or hold something the format's reader does not support. */
export class FormatError extends RensaError {
  override name = 'FormatError';
}

/** What a {@link FileError} says beside its message. */
export interface FileErrorOptions extends ErrorOptions {
  /** Default 'EIO'. */
  code?: string;
  /** Default ''. */
  path?: string;
}

/** A file, a directory or a URL cannot be read or written. Its bytes may be sound: what is wrong with bytes is a {@link FormatError}. */
export class FileError extends RensaError {
  override name = 'FileError';
  /**
   * The reason as Node and other systems call it: 'ENOENT' (there is none; of a URL: the server answers 404 or 410), 'EACCES' (not
   * permitted; 401 or 403), 'EISDIR' (a directory), 'ENOSPC' (no space left), 'ECONNREFUSED', …; 'EIO' where no more is known.
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

/** Something was asked for by a name that does not exist: a parameter, a file's entry, a layer, an extension. */
export class KeyError extends RensaError {
  override name = 'KeyError';
}

/** The graph of a backward computation does not allow what was asked, or a scope was used wrongly. */
export class GraphError extends RensaError {
  override name = 'GraphError';
}

/** A gradient differs from what finite differences give: see `gradientCheck`. */
export class GradientError extends RensaError {
  override name = 'GradientError';
}
