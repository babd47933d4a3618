/** The version of a file as its server describes it, and whether an answer continues that version. */

/** The server's description of a file when its first byte was sent. */
export interface Version {
  /** The ETag as it was sent; null if there was none. */
  readonly etag: string | null;
  /** The date of the last change as it was sent; null if there was none. */
  readonly lastModified: string | null;
  /** Bytes in all; null if the server did not say. */
  readonly total: number | null;
  /**
   * The value for `If-Range`: a strong ETag, or a date that is old enough to count as one; null if there is neither, so
   * that no part can be requested.
   */
  readonly condition: string | null;
}

/** A length in a header; null if it is not a number. */
const lengthOf = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;

/** Whether the body is packed: lengths and ranges count packed bytes. */
function isPacked({ headers }: Response): boolean {
  return !['', 'identity'].includes(headers.get('content-encoding')?.trim().toLowerCase() ?? '');
}

/**
 * Whether a date identifies a version: a second must have passed since the change, because the file could change again
 * within it. RFC 9110, section 8.8.2.2.
 */
function isStrongDate(lastModified: string, date: string | null): boolean {
  return date !== null && Date.parse(date) - Date.parse(lastModified) >= 1000;
}

/** The version in the headers of an answer with the whole file. */
export function versionOf(response: Response): Version {
  const { headers } = response;
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  if (isPacked(response)) return { etag, lastModified, total: null, condition: null };
  const strongTag = etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
  const strongDate = lastModified !== null && isStrongDate(lastModified, headers.get('date')) ? lastModified : null;
  // A file with a weak ETag may differ although its date does not.
  const condition = strongTag ?? (etag === null ? strongDate : null);
  return { etag, lastModified, total: lengthOf(headers.get('content-length')), condition };
}

/** The part of the file in an answer: from `start` up to, but not including, `end`, of `total` bytes. */
export interface Part {
  readonly end: number;
  readonly total: number;
}

/**
 * The part that an answer 206 brings, if it continues `version` from byte `have`; otherwise the reason why it does not,
 * in words. Everything in the headers is compared, because some servers ignore If-Range.
 */
export function continuationOf(response: Response, have: number, version: Version): Part | string {
  const { headers } = response;
  const range = headers.get('content-range');
  const [, first, last, all] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range?.trim() ?? '') ?? [];
  if (first === undefined) return `it says Content-Range: ${range}`;
  const [start, end, total] = [Number(first), Number(last) + 1, lengthOf(all) ?? version.total];
  if (start !== have) return `it begins at byte ${start}, not at ${have}`;
  if (total === null || end <= start || end > total) return `it says Content-Range: ${range}`;
  if (version.total !== null && total !== version.total) return `the file has ${total} bytes now, not ${version.total}`;
  if (isPacked(response)) return 'it is compressed';
  const length = lengthOf(headers.get('content-length'));
  if (length !== null && length !== end - start) return `it has ${length} bytes, not ${end - start}`;
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  if (version.etag !== null && etag !== version.etag) return `its ETag is ${etag}, not ${version.etag}`;
  if (lastModified !== version.lastModified && (lastModified !== null || version.etag === null))
    return `it was changed at ${lastModified}, not at ${version.lastModified}`;
  return { end, total };
}
