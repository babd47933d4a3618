/**
 * The script of a worker. It instantiates the kernels on the shared memory and computes shares of jobs until it is told to end.
 * `scripts/build-wasm.mjs` turns the script into a string, so that a bundled package contains it too.
 */
import { workerPort } from '../../../platform/worker-port.js';
import { kernelImports } from '../imports.js';
import {
  ARGUMENTS_AT,
  COUNT_MASK,
  type Greeting,
  kernelNames,
  MOST_ARGUMENTS,
  type Start,
  takeShare,
  Word,
} from './protocol.js';

/** Waits until the board has shares to take. Returns false if the workers are to end. */
function waitForWork(words: Int32Array): boolean {
  for (;;) {
    // Look repeatedly first: the next job often comes sooner than a thread could fall asleep and wake up.
    for (let looks = words[Word.Patience]; looks > 0; looks--) {
      if (Atomics.load(words, Word.Tickets) & COUNT_MASK) return true;
    }
    if (Atomics.load(words, Word.Ended)) return false;
    const tickets = Atomics.load(words, Word.Tickets);
    if (tickets & COUNT_MASK) return true;
    Atomics.wait(words, Word.Tickets, tickets);
  }
}

/** Instantiates the kernels, says that it is ready, and computes shares until the workers are to end. */
function work({ module, memory, board }: Start, greet: (greeting: Greeting) => void): void {
  const { exports } = new WebAssembly.Instance(module, kernelImports(memory));
  const kernels = kernelNames(module).map((name) => exports[name] as (...args: number[]) => void);
  const words = new Int32Array(board);
  const numbers = new Float64Array(board, ARGUMENTS_AT);
  greet({ ready: true });
  while (waitForWork(words)) {
    const share = takeShare(words);
    if (share < 0) continue;
    try {
      const first = share * MOST_ARGUMENTS;
      kernels[words[Word.Kernel]](...numbers.subarray(first, first + words[Word.Arguments]));
    } catch {
      Atomics.store(words, Word.Failed, 1);
    }
    Atomics.add(words, Word.Done, 1);
    Atomics.notify(words, Word.Done);
  }
}

const port = workerPort<Start, Greeting>();
port.onmessage = ({ data }) => {
  const greet = (greeting: Greeting) => port.postMessage(greeting);
  try {
    work(data, greet);
  } catch (error) {
    greet({ ready: false, reason: String(error) });
  }
};
