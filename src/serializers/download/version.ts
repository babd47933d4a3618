/** Which version of a file bytes belong to, as its server tells, and whether an answer goes on with that version. */

/** What a server said about a file when its first byte was sent. */
export interface Version {
  /** The ETag as it was sent; null if there was none. */
  readonly etag: string | null;
  /** The date of the last change as it was sent; null if there was none. */
  readonly lastModified: string | null;
  /** Bytes in all; null if the server did not say. */
  readonly total: number | null;
  /** What `If-Range` may say: a strong ETag, or a date that is old enough to be one; null: nothing, so that no part can be asked for. */
  readonly condition: string | null;
}

/** A length in a header; null for what is none. */
const lengthOf = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;

/** Whether what arrives is not what is sent: lengths and ranges count bytes before they are unpacked. */
function isPacked({ headers }: Response): boolean {
  return !['', 'identity'].includes(headers.get('content-encoding')?.trim().toLowerCase() ?? '');
}

/**
 * Whether a date tells versions apart: a second must have passed since the change, or the file could change again within it.
 * RFC 9110, section 8.8.2.2.
 */
function isStrongDate(lastModified: string, date: string | null): boolean {
  return date !== null && Date.parse(date) - Date.parse(lastModified) >= 1000;
}

/** The version that an answer with the whole file tells of. */
export function versionOf(response: Response): Version {
  const { headers } = response;
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  if (isPacked(response)) return { etag, lastModified, total: null, condition: null };
  const strongTag = etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
  const strongDate = lastModified !== null && isStrongDate(lastModified, headers.get('date')) ? lastModified : null;
  // A file whose ETag is weak may differ without a change of its date.
  const condition = strongTag ?? (etag === null ? strongDate : null);
  return { etag, lastModified, total: lengthOf(headers.get('content-length')), condition };
}

/** The part of the file that an answer brings: from `start` up to `end`, which is not in it, of `total` bytes. */
export interface Part {
  readonly end: number;
  readonly total: number;
}

/**
 * The part that an answer 206 brings, if it goes on from byte `have` of `version`; otherwise the reason why not, in words. All that the
 * server says is compared, since some servers do not look at If-Range.
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
