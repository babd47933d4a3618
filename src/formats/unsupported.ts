/** The error for a sound part of a file of an unsupported kind. The other parts of the file can still be read. */
import { FormatError } from '../errors.js';

/** A FormatError that does not mean damage: an unsupported dtype, compression or pickle. */
export class UnsupportedKind extends FormatError {}
