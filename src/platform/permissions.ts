/** Permissions of Deno. A program that uses what Deno did not grant stops and asks its user, so ask Deno first. */

/** A permission, as `Deno.permissions.query` takes it. */
export interface Permission {
  readonly name: 'env' | 'run' | 'sys';
  /** For `env`: the variable. */
  readonly variable?: string;
  /** For `sys`: the question to the system, such as `hostname`. */
  readonly kind?: string;
}

declare const Deno: { permissions?: { querySync(permission: Permission): { state: string } } } | undefined;

/** Whether Deno granted a permission; true on every other runtime. */
export function isGranted(permission: Permission): boolean {
  const permissions = typeof Deno === 'undefined' ? undefined : Deno.permissions;
  return !permissions || permissions.querySync(permission).state === 'granted';
}
