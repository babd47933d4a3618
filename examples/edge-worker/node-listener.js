/** Connects a handler of requests to `node:http`, on Node and on Deno. */
import { refused } from './answers.js';
import { ALLOW } from './handler.js';
import { quoted, Refusal } from './refusal.js';

/** Methods of HTTP that `Request` does not accept. */
const NO_REQUESTS = ['CONNECT', 'TRACE', 'TRACK'];

/** Requests of one connection that may be in progress. Thousands, sent without waiting, would hold up all others. */
const MAX_IN_A_ROW = 100;

/** Milliseconds for which the rest of a body is still read after the response. */
const LINGER = 2000;

const bad = (reason) => new Refusal(400, reason);

/** The address of a request. Its target may be a path, `*`, or, from proxies, the whole address. */
function addressOf({ url, rawHeaders, headers }) {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  const host = headers.host || 'localhost';
  if (hosts.length > 1 || /[\s/\\?#@]/.test(host) || !URL.canParse(`http://${host}`))
    throw bad(`host ${quoted(host)}, expected one name or address`);
  const address = url.startsWith('/') ? `http://${host}${url}` : url === '*' ? `http://${host}/` : url;
  if (!URL.canParse(address)) throw bad(`the target ${quoted(url)} is not an address`);
  return address;
}

/**
 * The body as a web stream. After a cancel, further bytes are read and thrown away: if the connection closed while its
 * client sends, the client might never see the response.
 */
function bodyOf(incoming) {
  let isWanted = true;
  return new ReadableStream({
    start(controller) {
      const finish = (how) => () => {
        if (isWanted) how();
        isWanted = false;
      };
      incoming.on('data', (part) => {
        if (!isWanted) return;
        controller.enqueue(part);
        if (controller.desiredSize <= 0) incoming.pause();
      });
      incoming.on(
        'end',
        finish(() => controller.close()),
      );
      incoming.on(
        'error',
        finish(() => controller.error(new Error('the connection broke off'))),
      );
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      isWanted = false;
      incoming.resume();
    },
  });
}

/** @throws Refusal for a request that cannot become a `Request`. */
function requestOf(incoming, signal) {
  const { method, rawHeaders } = incoming;
  if (NO_REQUESTS.includes(method)) throw new Refusal(405, `${method} is not done here`, { Allow: ALLOW });
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, i) => rawHeaders.slice(2 * i, 2 * i + 2));
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const address = addressOf(incoming);
  try {
    return new Request(address, {
      method,
      headers,
      signal,
      ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }),
    });
  } catch (error) {
    throw bad(error.message); // such as a user's name in the address
  }
}

/** Makes the listener for `createServer` from a function of a `Request` to a `Response`. */
export function nodeListener(handle) {
  const underWay = new WeakMap();

  return async (incoming, outgoing) => {
    const { socket } = incoming;
    const inARow = (underWay.get(socket) ?? 0) + 1;
    if (inARow > MAX_IN_A_ROW) return socket.destroy();
    underWay.set(socket, inARow);
    const gone = new AbortController();
    outgoing.on('close', () => {
      underWay.set(socket, underWay.get(socket) - 1);
      gone.abort();
    });
    let request;
    let response;
    try {
      request = requestOf(incoming, gone.signal);
      response = await handle(request);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      response = refused(error instanceof Refusal ? error : new Refusal(500, 'internal error'));
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(new Uint8Array(await response.arrayBuffer()));
    if (request?.body && !request.body.locked) request.body.cancel();
    if (!incoming.complete) setTimeout(() => incoming.complete || socket.destroy(), LINGER);
  };
}
