/**
 * Makes responses. All of them have a length, which HEAD reports, and headers that stop browsers from guessing the
 * type.
 */

const COMMON = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

export function text(status, body, headers = {}, type = 'text/plain') {
  const bytes = new TextEncoder().encode(body);
  const own = { 'Content-Type': `${type}; charset=utf-8`, 'Content-Length': `${bytes.length}` };
  return new Response(bytes, { status, headers: { ...COMMON, ...own, ...headers } });
}

export const json = (status, content, headers = {}) =>
  text(status, `${JSON.stringify(content)}\n`, headers, 'application/json');

export const empty = (status, headers = {}) => new Response(null, { status, headers: { ...COMMON, ...headers } });

export const refused = ({ status, message, headers }) => json(status, { error: message }, headers);
