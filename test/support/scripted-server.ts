/**
 * A server on loopback that gives the answers a test has listed, one per request. It counts requests and open
 * connections.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class ScriptedServer {
  /** The answers, in this order; the last one repeats. */
  readonly answers: Answer[] = [];
  readonly requests: IncomingMessage[] = [];
  #server: Server | null = null;
  origin = '';

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      if (answer) answer(request, response);
      else response.writeHead(500).end();
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** The Range headers so far. */
  get ranges(): (string | undefined)[] {
    return this.requests.map(({ headers }) => headers.range);
  }

  /** Resolves when requests are answered or cut: no connection is busy. */
  async idle(): Promise<void> {
    for (;;) {
      const busy = this.requests.some(({ socket, complete }) => !socket.destroyed && !complete);
      const open = await new Promise<number>((resolve) => this.#server?.getConnections((_, count) => resolve(count)));
      this.#server?.closeIdleConnections();
      if (!busy && open === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** The whole, with headers. */
export const whole =
  (body: Uint8Array, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': String(body.length), ...headers });
    response.end(body);
  };

const breaking = new Set<ServerResponse>();

/** Breaks the connections of {@link broken}: to be called when their bytes have been seen, since a broken one loses what was not read. */
export function breakConnections(): void {
  for (const response of breaking) response.destroy();
  breaking.clear();
}

/** The first bytes of the whole; then the connection breaks, without bytes by itself. */
export const broken =
  (body: Uint8Array, bytes: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': String(body.length), ...headers });
    response.write(body.subarray(0, bytes));
    if (bytes > 0) breaking.add(response);
    else setTimeout(() => response.destroy(), 20);
  };

/** A part, up to the end, as a server that does not look at If-Range sends it. */
export const part =
  (body: Uint8Array, from: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(206, {
      'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
      'content-length': String(body.length - from),
      ...headers,
    });
    response.end(body.subarray(from));
  };

/** A status without a body. */
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end();
  };
