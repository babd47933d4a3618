/**
 * The next turn of the event loop, without a timer: browsers delay the timers of background pages by up to a minute.
 */

/** Resolves in a later task, after the tasks that already wait. */
export function laterTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
