/** A server on loopback that serves files as the makers of data sets do: in ranges, with marks, and not always to the end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class FileServer {
  readonly files = new Map<string, Uint8Array>();
  /** The Range headers of the requests so far; undefined where there was none. */
  readonly requests: (string | undefined)[] = [];
  /** The bytes of an answer after which the next connections break; taken from the front. */
  readonly breaks: number[] = [];
  /** The mark of the files' version; null: none is sent. */
  etag: string | null = '"v1"';
  /** Whether lengths are sent. */
  sendsLength = true;
  #server: Server | null = null;

  /** Starts to listen, and gives the address, without a slash at its end. */
  async start(): Promise<string> {
    const server = createServer((request, response) => this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.requests.push(headers.range);
    const file = this.files.get(url.slice(1));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const asked = /^bytes=(\d+)-$/.exec(headers.range ?? '');
    const from = asked && headers['if-range'] === this.etag ? Number(asked[1]) : 0;
    if (from > 0 && from >= file.length) {
      response.writeHead(416).end();
      return;
    }
    const body = file.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ...(this.etag !== null && { etag: this.etag }),
      ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
      ...(this.sendsLength && { 'content-length': String(body.length) }),
    });
    const end = this.breaks.shift();
    if (end === undefined || end >= body.length) response.end(body);
    else response.write(body.subarray(0, end), () => setTimeout(() => response.destroy(), 20));
  }
}
