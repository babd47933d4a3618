/**
 * Whether a recording is under way: a run of a function whose primitives are written down as a graph (see `graph/trace.ts`). The
 * graph runs again on other elements, so the function must not depend on the elements of this run.
 */

let recording = false;

/** Whether a recording is under way. */
export function isRecording(): boolean {
  return recording;
}

/** Runs `fn` as a part of a recording. */
export function whileRecording<T>(fn: () => T): T {
  return during(true, fn);
}

/** Runs `fn` outside the recording, if one is under way: `fn` makes something once, such as the initial value of a parameter. */
export function apartFromRecording<T>(fn: () => T): T {
  return during(false, fn);
}

function during<T>(state: boolean, fn: () => T): T {
  const before = recording;
  recording = state;
  try {
    return fn();
  } finally {
    recording = before;
  }
}
