/** The worker's side of the transport that `worker.ts` opens. Scripts of workers are bundled whole, so this file imports only `builtin.ts`. */
import { findBuiltin } from './builtin.js';

/** Takes messages from the program, and sends messages to it. */
export interface WorkerPort<Received, Sent> {
  onmessage: ((event: { readonly data: Received }) => void) | null;
  postMessage(message: Sent, transfer?: ArrayBuffer[]): void;
}

/** The port of this worker: in browsers its global object, in Node, Deno and Bun the port to the parent thread. */
export function workerPort<Received, Sent>(): WorkerPort<Received, Sent> {
  const threads = 'WorkerGlobalScope' in globalThis ? undefined : findBuiltin('node:worker_threads');
  // Both have the two members of WorkerPort; their declarations have no other in common.
  return (threads?.parentPort ?? globalThis) as unknown as WorkerPort<Received, Sent>;
}
