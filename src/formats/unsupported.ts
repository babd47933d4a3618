/** A part of a file that is sound, but of a kind that is not read here: files with other parts can be read all the same. */
import { FormatError } from '../errors.js';

/** A FormatError that does not mean damage: a dtype, a compression or a pickle that Rensa does not know. */
export class UnsupportedKind extends FormatError {}
