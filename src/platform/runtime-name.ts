/** The name of the runtime. */

declare const Deno: { version: { deno: string } } | undefined;
declare const Bun: { version: string } | undefined;

/** The runtime and its version, such as `Node 20.20.2`; in a browser its user agent. */
export function runtimeName(): string {
  if (typeof Deno !== 'undefined') return `Deno ${Deno.version.deno}`;
  if (typeof Bun !== 'undefined') return `Bun ${Bun.version}`;
  if (typeof navigator !== 'undefined' && typeof document !== 'undefined') return navigator.userAgent;
  if (typeof process !== 'undefined' && process.versions?.node) return `Node ${process.versions.node}`;
  return typeof navigator === 'undefined' ? 'unknown' : navigator.userAgent;
}
