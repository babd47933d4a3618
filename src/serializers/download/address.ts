/** URLs that may be downloaded: the URL to request, its form in messages, and the name of its file in the cache. */
import { ValueError } from '../../errors.js';
import { sha256 } from '../../formats/sha256.js';
import { inWords } from '../../options.js';

/** A URL that is downloaded. */
export interface Address {
  /** The URL without name and password, and without a fragment. */
  readonly url: URL;
  /** The `Authorization` header of name and password; null if there are none. */
  readonly authorization: string | null;
  /** The URL in messages: without name and password, and not too long. */
  readonly shown: string;
  /** A text that is different for each URL, name and password included. Not for messages. */
  readonly key: string;
}

const PROTOCOLS: readonly string[] = ['http:', 'https:', 'blob:', 'data:'];

/** A data: URL holds its whole content. */
const MOST_SHOWN = 200;

/** Text as Base64 of its UTF-8 bytes. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** A text that may have been meant as a URL, without its name and password. */
const withoutPassword = (text: string): string => text.replace(/\/\/[^/]*@/, '//');

/** Decodes percent signs if they encode valid text. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A URL as messages show it. */
function shownUrl({ href }: URL): string {
  return href.length > MOST_SHOWN ? `${href.slice(0, MOST_SHOWN)}…` : href;
}

/** Takes a URL apart. @throws ValueError if it is not a URL, or cannot be downloaded. */
export function parseAddress(op: string, source: string | URL): Address {
  if (!URL.canParse(source, globalThis.location?.href)) {
    const given = typeof source === 'string' ? `'${withoutPassword(source.slice(0, MOST_SHOWN))}'` : inWords(source);
    throw new ValueError(`${op}: ${given} is not a URL; expected one that begins with https:, http:, blob: or data:`);
  }
  const url = new URL(source, globalThis.location?.href);
  url.hash = '';
  const key = url.href;
  const { username, password } = url;
  if (username !== '' || password !== '') [url.username, url.password] = ['', ''];
  const shown = shownUrl(url);
  if (!PROTOCOLS.includes(url.protocol))
    throw new ValueError(`${op}: ${shown}: ${url.protocol} is not downloaded; expected https:, http:, blob: or data:`);
  const credentials = `${decoded(username)}:${decoded(password)}`;
  const authorization = username === '' && password === '' ? null : `Basic ${base64(credentials)}`;
  return { url, authorization, shown, key };
}

/** Hexadecimal digits of the checksum in a name: 160 bits. */
const NAME_DIGITS = 40;

/** The longest readable part of a name. */
const NAME_LENGTH = 80;

/** The name of a URL's file in the cache: readable, and different for each URL. */
export async function cacheName({ key, url }: Address): Promise<string> {
  // Pages that are not served securely have no SHA-256. They have no cache either.
  const sum = globalThis.crypto?.subtle ? await sha256(new TextEncoder().encode(key)) : key;
  const last = (url.protocol === 'data:' ? '' : url.pathname.split('/').at(-1)) || 'file';
  return `${sum.slice(0, NAME_DIGITS)}-${last.replace(/[^\w.-]/g, '_').slice(-NAME_LENGTH)}`;
}
