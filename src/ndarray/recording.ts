/** Whether a computation is being recorded: what runs now will run again on other values, so it must not look at those of now. */

let depth = 0;

/** Whether a computation is being recorded. */
export function isRecording(): boolean {
  return depth > 0;
}

/** Runs `fn` as a computation that is recorded. */
export function whileRecording<T>(fn: () => T): T {
  depth++;
  try {
    return fn();
  } finally {
    depth--;
  }
}

/** Runs `fn` apart from the computation that is recorded: it makes something once, such as the initial value of a parameter. */
export function apartFromRecording<T>(fn: () => T): T {
  const before = depth;
  depth = 0;
  try {
    return fn();
  } finally {
    depth = before;
  }
}
